package io.podnet.cni.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.AttachmentId;
import io.podnet.api.Bandwidth;
import io.podnet.api.Cidr;
import io.podnet.api.PodPhase;
import io.podnet.api.PodSpec;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.cni.runtime.Attachment;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.NetworkConfigList;
import io.podnet.spi.AttachmentRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A pod in CNI's words. */
class PodArgumentsTest {
    private static final NetworkConfigList NETWORK = NetworkConfigList.read(JsonObject.parse(
            "list",
            "{\"cniVersion\":\"1.0.0\",\"name\":\"net\",\"plugins\":[{\"type\":\"p\",\"capabilities\":"
                    + "{\"portMappings\":true,\"bandwidth\":true}}]}"));

    private static Attachment of(PodSpec spec) {
        AttachmentRecord record = new AttachmentRecord(
                new AttachmentId("0123456789ab", "eth0"),
                spec,
                "cni",
                Path.of("/run/netns/podnet-0123456789ab"),
                0,
                true,
                "boot",
                Instant.EPOCH,
                PodPhase.PENDING,
                "",
                Optional.empty());
        return PodArguments.of(record, NETWORK, List.of(Cidr.parse("10.1.0.0/24"), Cidr.parse("fd01::/64")));
    }

    @Test
    void saysWhatThePodWants() {
        Attachment attachment = of(PodSpec.of("shop", "web")
                .uid("u-1")
                .hostPort(8080, 80, Protocol.UDP)
                .annotation(Bandwidth.EGRESS_ANNOTATION, "1G")
                .build());
        assertThat(attachment.args())
                .hasToString("IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web;"
                        + "K8S_POD_INFRA_CONTAINER_ID=0123456789ab;K8S_POD_UID=u-1");
        assertThat(attachment.capabilityArgs().json())
                .hasToString("{\"portMappings\":[{\"hostPort\":8080,\"containerPort\":80,\"protocol\":\"udp\"}],"
                        + "\"bandwidth\":{\"egressRate\":1000000000,\"egressBurst\":10000000},"
                        + "\"aliases\":{\"net\":[\"web\"]},"
                        + "\"ipRanges\":[[{\"subnet\":\"10.1.0.0/24\"}],[{\"subnet\":\"fd01::/64\"}]],"
                        + "\"io.kubernetes.cri.pod-annotations\":{\"kubernetes.io/egress-bandwidth\":\"1G\"}}");
        assertThat(attachment.netns()).isEqualTo("/run/netns/podnet-0123456789ab");
    }

    @Test
    @DisplayName("CVE-2022-0811: a value with a separator in it does not become a second argument")
    void cve20220811() {
        for (String uid : List.of("u;IP=10.0.0.9", "u=v", "u\nIP=10.0.0.9", "u\u0000")) {
            assertThatThrownBy(() -> of(PodSpec.of("shop", "web").uid(uid).build()))
                    .as(uid)
                    .isInstanceOf(PodnetException.Invalid.class);
        }
    }

    @Test
    void knowsItsOptions() {
        CniOptions options = CniOptions.parse(Map.of("binDir", "/a:/b", "timeoutSeconds", "7"));
        assertThat(options.path().texts()).containsExactly("/a", "/b");
        assertThat(options.limits().timeout()).hasSeconds(7);
        assertThat(options.configurations().directory()).hasToString("/etc/cni/net.d");
        for (Map<String, String> wrong : List.of(
                Map.of("bindir", "/a"),
                Map.of("binDir", "a"),
                Map.of("confDir", "net.d"),
                Map.of("timeoutSeconds", "0"),
                Map.of("timeoutSeconds", "4000"),
                Map.of("exclusiveNetwork", "yes"),
                Map.of("trustedFilesOnly", "no"))) {
            assertThatThrownBy(() -> CniOptions.parse(wrong))
                    .as("%s", wrong)
                    .isInstanceOf(PodnetException.Invalid.class);
        }
    }
}
