package io.podnet.examples.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.AttachmentId;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import io.podnet.api.PodId;
import io.podnet.api.PodNetworkStatus;
import io.podnet.api.PodPhase;
import io.podnet.api.PodSpec;
import io.podnet.examples.state.PodStatus;
import io.podnet.spi.AttachmentRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodRowTest {
    private static final AttachmentRecord PENDING = new AttachmentRecord(
            new AttachmentId("box1", "eth0"),
            PodSpec.of("default", "web").build(),
            "bridge",
            Path.of("/run/netns/podnet-box1"),
            0,
            true,
            "boot",
            Instant.EPOCH,
            PodPhase.PENDING,
            "",
            Optional.empty());
    private static final AttachmentRecord RUNNING = PENDING.running(new PodNetworkStatus(
            "eth0",
            List.of(InterfaceAddress.parse("10.244.1.2/24"), InterfaceAddress.parse("fd00::2/64")),
            List.of(IpAddress.parse("10.244.1.1")),
            MacAddress.parse("0a:58:0a:f4:01:02"),
            1500,
            Optional.of("pnbox1")));
    private static final PodStatus STATUS =
            new PodStatus("default", "web", "Running", "container c exited with code 1", "box1", "boot", List.of());
    private static final PodStatus REFUSED =
            PodStatus.of(new PodId("default", "bad"), "Failed", "no free address in pool");

    @Test
    void theNetworkComesFromTheRecordAndThePhaseFromTheStatus() {
        assertThat(PodRow.join(List.of(RUNNING), List.of(STATUS), "node-a"))
                .containsExactly(new PodRow(
                        new PodId("default", "web"),
                        List.of("10.244.1.2", "fd00::2"),
                        "0a:58:0a:f4:01:02",
                        "/run/netns/podnet-box1",
                        "node-a",
                        "Running",
                        "container c exited with code 1"));
    }

    @Test
    void aStatusOfAnotherSandboxSaysNothing() {
        PodStatus before = new PodStatus("default", "web", "Failed", "old", "box0", "boot", List.of());
        assertThat(PodRow.join(List.of(PENDING), List.of(before), ""))
                .singleElement()
                .satisfies(row -> assertThat(row.phase() + row.message()).isEqualTo("Pending"));
    }

    @Test
    void theTableIsForPeople() {
        assertThat(PodTable.of(PodRow.join(List.of(RUNNING), List.of(STATUS, REFUSED), "n")))
                .isEqualTo("""
                        NAMESPACE   NAME   PHASE     IPS                  MAC                 NODE   NETNS
                        default     bad    Failed    -                    -                   n      -
                          no free address in pool
                        default     web    Running   10.244.1.2,fd00::2   0a:58:0a:f4:01:02   n      /run/netns/podnet-box1
                          container c exited with code 1
                        """);
    }

    @Test
    void theJsonIsForPrograms() {
        assertThat(PodJson.of(List.of())).isEqualToIgnoringWhitespace("[]");
        assertThat(PodJson.of(PodRow.join(List.of(RUNNING), List.of(REFUSED), "n")))
                .isEqualToIgnoringWhitespace("""
                        [ {"namespace": "default", "name": "bad", "ips": [], "mac": "", "netns": "", "node": "n",
                           "phase": "Failed", "message": "no free address in pool"},
                          {"namespace": "default", "name": "web", "ips": ["10.244.1.2", "fd00::2"],
                           "mac": "0a:58:0a:f4:01:02", "netns": "/run/netns/podnet-box1", "node": "n",
                           "phase": "Running", "message": ""} ]
                        """);
    }
}
