package io.podnet.cni.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Debian's container runtimes start containers on the plugin; the scripts tell what they look at. */
class RuntimesTest {
    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"podman", "containerd"})
    void containersOf(String runtime) throws Exception {
        try (Lab lab = new Lab(directory);
                InputStream source = RuntimesTest.class.getResourceAsStream(runtime + ".sh")) {
            Path script = directory.resolve(runtime + ".sh");
            Files.copy(Objects.requireNonNull(source), script);
            Lab.Output output =
                    lab.run(Map.of(), "", "unshare", "--mount", "bash", script.toString(), directory.toString());
            assertThat(output.text()).endsWith(runtime + ".sh: ok\n");
            assertThat(output.code()).isZero();
        }
    }
}
