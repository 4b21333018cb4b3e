package io.podnet.cni.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.cni.spec.NetworkConfigList;
import io.podnet.cni.spec.PluginConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which network a directory has, by libcni's rules. */
class ConfigDirectoryTest {
    @TempDir
    Path directory;

    private ConfigDirectory configurations() {
        return new ConfigDirectory(directory, true);
    }

    private void list(String file, String name, String type) throws IOException {
        Files.writeString(
                directory.resolve(file),
                "{\"cniVersion\":\"1.0.0\",\"name\":\"" + name + "\",\"plugins\":[{\"type\":\"" + type + "\"}]}");
    }

    private void single(String file, String name, String type) throws IOException {
        Files.writeString(
                directory.resolve(file),
                "{\"cniVersion\":\"0.4.0\",\"name\":\"" + name + "\",\"type\":\"" + type + "\"}");
    }

    @Test
    void takesListsBeforeSingleFilesEachByName() throws IOException {
        single("00-single.conf", "a", "single");
        list("20-second.conflist", "a", "second");
        list("10-first.conflist", "a", "first");
        single("05-other.json", "b", "json");
        list("ignored.txt", "c", "txt");
        assertThat(configurations().load().networks())
                .extracting(network -> network.plugins().get(0).type())
                .containsExactly("first", "second", "single", "json");
        assertThat(configurations().first().plugins())
                .extracting(PluginConfig::type)
                .containsExactly("first");
        assertThat(configurations().find("a").plugins())
                .extracting(PluginConfig::type)
                .containsExactly("first");
        assertThat(configurations().find("b").version()).hasToString("0.4.0");
        assertThatThrownBy(() -> configurations().find("c"))
                .isInstanceOf(PodnetException.NotFound.class)
                .hasMessageContaining("found: a, a, a, b");
    }

    @Test
    void skipsWhatCannotBeReadAndSaysWhy() throws IOException {
        Files.writeString(directory.resolve("00-broken.conflist"), "{");
        list("10-good.conflist", "good", "x");
        assertThat(configurations().find("good").name()).isEqualTo("good");
        assertThatThrownBy(() -> configurations().find("other"))
                .hasMessageContaining("00-broken.conflist")
                .hasMessageContaining("no JSON");
        assertThatThrownBy(() -> new ConfigDirectory(directory.resolve("absent"), true).first())
                .isInstanceOf(PodnetException.NotFound.class);
    }

    @Test
    void addsPluginsFromFilesBesideTheList() throws IOException {
        list("10-net.conflist", "net", "inlined");
        Path more = Files.createDirectory(directory.resolve("net"));
        Files.writeString(more.resolve("20-b.conf"), "{\"type\":\"b\"}");
        Files.writeString(more.resolve("10-a.conf"), "{\"type\":\"a\"}");
        Files.writeString(more.resolve("30-c.json"), "{\"type\":\"c\"}");
        assertThat(configurations().find("net").plugins())
                .extracting(PluginConfig::type)
                .containsExactly("inlined", "a", "b");
        Files.writeString(
                directory.resolve("10-net.conflist"),
                "{\"name\":\"net\",\"loadOnlyInlinedPlugins\":true,\"plugins\":[{\"type\":\"inlined\"}]}");
        assertThat(configurations().find("net").plugins()).hasSize(1);
        Files.writeString(directory.resolve("10-net.conflist"), "{\"name\":\"net\"}");
        NetworkConfigList outer = configurations().find("net");
        assertThat(outer.plugins()).hasSize(2);
        Files.delete(more.resolve("10-a.conf"));
        Files.delete(more.resolve("20-b.conf"));
        assertThatThrownBy(() -> configurations().find("net")).hasMessageContaining("has no plugins");
    }

    @Test
    @DisplayName("Files: a configuration that others may write names what root runs, so it is not read")
    void untrustedConfigurations() throws IOException {
        list("10-net.conflist", "net", "x");
        Files.setPosixFilePermissions(
                directory.resolve("10-net.conflist"), PosixFilePermissions.fromString("rw-r--rw-"));
        assertThatThrownBy(() -> configurations().first()).hasMessageContaining("writable for others");
        assertThat(new ConfigDirectory(directory, false).first().name()).isEqualTo("net");
    }
}
