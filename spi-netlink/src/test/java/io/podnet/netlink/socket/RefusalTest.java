package io.podnet.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.PodnetException;
import io.podnet.netlink.Golden;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import org.junit.jupiter.api.Test;

/** What is made of the kernel's refusals. */
class RefusalTest {
    @Test
    void textOfRealAnswers() {
        assertThat(Refusal.errnoOf(Golden.message("ack"))).isZero();
        assertThat(Refusal.textOf(Golden.message("ack"))).isEmpty();
        assertThat(Refusal.errnoOf(Golden.message("error-exists"))).isEqualTo(Errno.EEXIST.number());
        assertThat(Refusal.textOf(Golden.message("error-exists"))).isEmpty();
        assertThat(Refusal.textOf(Golden.message("error-unknown-kind"))).isEqualTo("Unknown device type");
        assertThat(Refusal.textOf(Golden.message("error-policy")))
                .isEqualTo("Attribute failed policy validation (attribute at byte 32 of the request)");
        assertThat(Refusal.errnoOf(Golden.message("done-error"))).isEqualTo(Errno.EINVAL.number());
        assertThat(Refusal.textOf(Golden.message("done-error")))
                .isEqualTo("Filter by device index not supported for link dumps");
    }

    @Test
    void textBehindAWholeEchoedRequest() {
        MessageWriter writer = new MessageWriter(Libc.allocate(256)).clear(1);
        writer.begin(LinuxNetlink.NLMSG_ERROR, LinuxNetlink.NLM_F_ACK_TLVS)
                .putInt(-Errno.EINVAL.number())
                .putInt(21) // the echoed request: 21 bytes, padded to 24
                .putZeros(20)
                .attrString(LinuxNetlink.NLMSGERR_ATTR_MSG, "said")
                .end();
        MessageReader reader = new MessageReader().wrap(writer.buffer(), 0, writer.length());
        reader.next();
        assertThat(Refusal.textOf(reader)).isEqualTo("said");
    }

    @Test
    void aDoneWithoutPayloadIsSuccess() {
        MessageWriter writer = new MessageWriter(Libc.allocate(64)).clear(1);
        writer.begin(LinuxNetlink.NLMSG_DONE, LinuxNetlink.NLM_F_MULTI).end();
        MessageReader reader = new MessageReader().wrap(writer.buffer(), 0, writer.length());
        reader.next();
        assertThat(Refusal.errnoOf(reader)).isZero();
    }

    @Test
    void kindsOfRefusals() {
        assertThat(Refusal.of("RTM_NEWLINK", "link a", Errno.EPERM.number(), ""))
                .isInstanceOf(PodnetException.PermissionDenied.class)
                .hasMessageContaining("CAP_NET_ADMIN");
        assertThat(Refusal.of("RTM_NEWLINK", "link a", Errno.EOPNOTSUPP.number(), "Unknown device type"))
                .isInstanceOf(PodnetException.Unsupported.class)
                .hasMessageContaining("Unknown device type");
        assertThat(Refusal.of("RTM_NEWQDISC", "link a", Errno.ENOENT.number(), "Specified qdisc kind is unknown"))
                .isInstanceOf(PodnetException.Unsupported.class);
        assertThat(Refusal.of("RTM_NEWLINK", "link a", Errno.EXFULL.number(), ""))
                .isInstanceOf(PodnetException.LimitReached.class)
                .hasMessageContaining("1023");
        assertThat(Refusal.of("RTM_NEWLINK", "link a", Errno.EBUSY.number(), ""))
                .isInstanceOf(PodnetException.KernelRejected.class)
                .satisfies(thrown -> assertThat(thrown.retryable()).isTrue());
    }
}
