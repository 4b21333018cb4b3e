package io.podnet.cni.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniArgs;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.CniVersion;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache's files, byte by byte as libcni writes them. */
class ResultCacheTest {
    private static final String CONFIG =
            "{\"cniVersion\":\"1.0.0\",\"name\":\"net\",\"plugins\":[{\"type\":\"bridge\"}]}";

    @TempDir
    Path directory;

    private static Attachment attachment(String id) {
        return new Attachment(
                id,
                "/run/netns/x",
                "eth0",
                CniArgs.parse("IgnoreUnknown=1;K8S_POD_NAME=web"),
                RuntimeConfig.EMPTY.withMac("02:00:00:00:00:01"));
    }

    private static CachedAttachment entry(String network, String id) {
        return new CachedAttachment(
                network,
                attachment(id),
                JsonObject.parse("config", CONFIG),
                Optional.of(CniResult.read(
                        JsonObject.parse(
                                "result", "{\"cniVersion\":\"1.0.0\",\"ips\":[{\"address\":\"10.0.0.2/24\"}]}"),
                        CniVersion.V1_0_0)));
    }

    private static String libcni() {
        return "{\"kind\":\"cniCacheV1\",\"containerId\":\"c1\",\"config\":\""
                + Base64.getEncoder().encodeToString(CONFIG.getBytes(StandardCharsets.UTF_8))
                + "\",\"ifName\":\"eth0\",\"networkName\":\"net\",\"netns\":\"/run/netns/x\","
                + "\"cniArgs\":[[\"IgnoreUnknown\",\"1\"],[\"K8S_POD_NAME\",\"web\"]],"
                + "\"capabilityArgs\":{\"mac\":\"02:00:00:00:00:01\"},"
                + "\"result\":{\"cniVersion\":\"1.0.0\",\"ips\":[{\"address\":\"10.0.0.2/24\"}]}}";
    }

    @Test
    void writesAndReadsLibcnisFormat() throws IOException {
        ResultCache cache = new ResultCache(directory);
        cache.write(entry("net", "c1"));
        Path file = directory.resolve("results/net-c1-eth0");
        assertThat(Files.readString(file)).isEqualTo(libcni());
        assertThat(cache.read("net", attachment("c1"))).contains(entry("net", "c1"));
        assertThat(cache.list()).containsExactly(entry("net", "c1"));
        assertThat(cache.read("net", attachment("c1")).orElseThrow().list().plugins())
                .hasSize(1);
        cache.remove("net", attachment("c1"));
        cache.remove("net", attachment("c1"));
        assertThat(cache.list()).isEmpty();
        assertThat(directory).isDirectoryNotContaining("glob:**result*[!s]");
    }

    @Test
    void readsTheEntriesOfOtherProgramsAndSkipsTheRest() throws IOException {
        Path results = Files.createDirectories(directory.resolve("results"));
        Files.writeString(results.resolve("net-c1-eth0"), libcni());
        Files.writeString(results.resolve("net-c2-eth0"), libcni().substring(0, 100));
        Files.writeString(results.resolve("net-c3-eth0"), "{\"cniVersion\":\"0.3.1\",\"ips\":[]}");
        Files.writeString(results.resolve("net-c4-eth0"), "");
        assertThat(new ResultCache(directory).list()).containsExactly(entry("net", "c1"));
    }

    @Test
    void readsAnEntryWithoutItsResultWhereThatIsBroken() throws IOException {
        Path results = Files.createDirectories(directory.resolve("results"));
        Files.writeString(results.resolve("net-c1-eth0"), libcni().replace("10.0.0.2/24", "10.0.0"));
        CachedAttachment read =
                new ResultCache(directory).read("net", attachment("c1")).orElseThrow();
        assertThat(read.result()).isEmpty();
        assertThat(read.attachment()).isEqualTo(attachment("c1"));
    }

    /** {@code a-b} and {@code c} join to the same name as {@code a} and {@code b-c}. */
    @Test
    void refusesTheFileOfAnotherAttachment() {
        ResultCache cache = new ResultCache(directory);
        cache.write(entry("net-a", "b"));
        assertThatThrownBy(() -> cache.read("net", attachment("a-b")))
                .isInstanceOf(PodnetException.Conflict.class)
                .hasMessageContaining("b/eth0");
    }

    @Test
    @DisplayName("File permissions: arguments may have secrets, and a result says which address is given back")
    void filePermissions() throws IOException {
        ResultCache cache = new ResultCache(directory.resolve("cni"));
        cache.write(entry("net", "c1"));
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("cni/results/net-c1-eth0"))))
                .isEqualTo("rw-------");
        for (String one : new String[] {"cni", "cni/results"}) {
            Path path = directory.resolve(one);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
            for (String mode : new String[] {"rwxrwx---", "rwx---rwx"}) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
                assertThatThrownBy(() -> cache.write(entry("net", "c2"))).isInstanceOf(PodnetException.Invalid.class);
            }
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
    }
}
