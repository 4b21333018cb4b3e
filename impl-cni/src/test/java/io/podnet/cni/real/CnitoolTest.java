package io.podnet.cni.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real cnitool, libcni's own host, drives the plugin with configuration version 1.1.0. The property {@code cnitool} is
 * its path; the profile of the same name builds it.
 */
class CnitoolTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void drivesEveryVerb() throws Exception {
        try (Lab lab = new Lab(directory)) {
            Path configs = Files.createDirectories(directory.resolve("net.d"));
            Path cache = Files.createDirectories(directory.resolve("cache"));
            Files.writeString(
                    configs.resolve("10-net.conflist"),
                    "{\"cniVersion\":\"1.1.0\",\"name\":\"net\",\"plugins\":[{\"type\":\"podnet-cni\",\"bridge\":\"cni0\","
                            + "\"isDefaultGateway\":true,\"ipMasq\":true,\"capabilities\":{\"portMappings\":true},"
                            + "\"ipam\":{\"type\":\"host-local\",\"subnet\":\"10.22.0.0/24\",\"dataDir\":\""
                            + lab.leases() + "\"}}]}");
            Lab.Container container = lab.container();
            Map<String, String> environment = Map.of(
                    "NETCONFPATH",
                    configs.toString(),
                    "CNI_PATH",
                    lab.bin().toString(),
                    "CAP_ARGS",
                    "{\"portMappings\":[{\"hostPort\":8080,\"containerPort\":80,\"protocol\":\"tcp\"}]}");
            for (String verb : new String[] {"status", "add", "check", "status", "del", "add", "gc", "del"}) {
                Lab.Output output = lab.run(
                        environment,
                        "",
                        "unshare",
                        "--mount",
                        "sh",
                        "-ec",
                        // libcni's cache is in a fixed place.
                        "mkdir -p /var/lib/cni; mount --make-rprivate /; mount --bind \"$0\" /var/lib/cni; exec \"$@\"",
                        cache.toString(),
                        System.getProperty("cnitool", "cnitool"),
                        verb,
                        "net",
                        container.path());
                assertThat(output.code()).as(verb + ": " + output.text()).isZero();
                if (verb.equals("add")) {
                    assertThat(output.text())
                            .contains("\"gateway\": \"10.22.0.1\"")
                            .contains("\"mtu\": 1500");
                    assertThat(lab.rules()).contains("tcp . 8080");
                }
                if (verb.equals("gc")) {
                    // It calls nothing valid, so libcni says DEL for the attachment of its cache before it says GC.
                    assertThat(lab.files()).isEmpty();
                }
            }
            assertThat(lab.files()).isEmpty();
        }
    }
}
