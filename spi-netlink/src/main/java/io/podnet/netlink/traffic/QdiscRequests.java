package io.podnet.netlink.traffic;

import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageReader;
import java.util.Optional;

/** Messages about queueing disciplines. */
final class QdiscRequests {
    private QdiscRequests() {}

    /** Without a handle, the kernel changes a root of the same kind in its place and takes away one of another kind. */
    static TcRequest replacingRoot(int linkIndex, TokenBucket bucket) {
        int flags = LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_REPLACE;
        return new TcRequest(
                "RTM_NEWQDISC tbf", LinuxTc.RTM_NEWQDISC, flags, linkIndex, 0, LinuxTc.TC_H_ROOT, 0, out -> {
                    out.attrString(LinuxTc.TCA_KIND, "tbf");
                    TokenBucketOptions.write(out, bucket);
                });
    }

    static TcRequest creatingIngress(int linkIndex) {
        return new TcRequest(
                "RTM_NEWQDISC ingress",
                LinuxTc.RTM_NEWQDISC,
                LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_EXCL,
                linkIndex,
                LinuxTc.INGRESS_HANDLE,
                LinuxTc.TC_H_INGRESS,
                0,
                out -> out.attrString(LinuxTc.TCA_KIND, "ingress"));
    }

    static TcRequest deleting(int linkIndex, int parent) {
        return new TcRequest("RTM_DELQDISC", LinuxTc.RTM_DELQDISC, 0, linkIndex, 0, parent, 0, out -> {});
    }

    /** Asks for one: a dump would show those of all links. The answer comes as an echoed notification. */
    static TcRequest getting(int linkIndex, int parent) {
        int flags = LinuxNetlink.NLM_F_ECHO | LinuxNetlink.NLM_F_ACK;
        return new TcRequest("RTM_GETQDISC", LinuxTc.RTM_GETQDISC, flags, linkIndex, 0, parent, 0, out -> {});
    }

    static TcRequest listing() {
        return new TcRequest("RTM_GETQDISC", LinuxTc.RTM_GETQDISC, 0, 0, 0, 0, 0, out -> {});
    }

    static Optional<Qdisc> decode(MessageReader message) {
        if (message.type() != LinuxTc.RTM_NEWQDISC) {
            return Optional.empty();
        }
        String kind = "";
        Optional<TokenBucket> bucket = Optional.empty();
        AttributeReader attributes = message.attributes(LinuxTc.TCMSG_LENGTH);
        while (attributes.next()) {
            if (attributes.type() == LinuxTc.TCA_KIND) {
                kind = attributes.string();
            } else if (attributes.type() == LinuxTc.TCA_OPTIONS && "tbf".equals(kind)) {
                bucket = TokenBucketOptions.read(attributes.nested());
            }
        }
        return Optional.of(new Qdisc(message.s32(4), kind, message.s32(8), message.s32(12), bucket));
    }
}
