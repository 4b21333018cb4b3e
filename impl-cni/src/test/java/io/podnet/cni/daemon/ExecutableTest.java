package io.podnet.cni.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutableTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void shippedBytesAreTheSourcesOwn() throws Exception {
        Process build = new ProcessBuilder("src/main/shim/build", directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        assertThat(build.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(build.exitValue())
                .as(Files.readString(directory.resolve("log")))
                .isZero();
        try (Stream<Path> built = Files.list(directory)) {
            List<Path> programs = built.filter(
                            file -> file.getFileName().toString().startsWith("podnet-cni-"))
                    .toList();
            // The compiler of the machine is always there; the other machine's where somebody installed it.
            assertThat(programs).isNotEmpty();
            for (Path program : programs) {
                try (InputStream shipped = Executable.class.getResourceAsStream(
                        program.getFileName().toString())) {
                    assertThat(Files.readAllBytes(program))
                            .as(program + " is not what is shipped: build the resources again (src/main/shim/build)")
                            .isEqualTo(Objects.requireNonNull(shipped).readAllBytes());
                }
            }
        }
    }

    @Test
    void answersByItself() throws Exception {
        Path program = new Executable(Optional.empty(), Path.of("/absent"), List.of()).install(directory);
        assertThat(run(program, "")).contains("Podnet").contains("1.1.0");
        assertThat(run(program, "VERSION")).contains("\"supportedVersions\"");
        assertThat(run(program, "ADD")).contains("\"code\":11").contains("the daemon is away");
    }

    private String run(Path program, String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(program.toString())
                .redirectErrorStream(true)
                .redirectInput(new java.io.File("/dev/null"))
                .redirectOutput(directory.resolve("out").toFile());
        if (!command.isEmpty()) {
            builder.environment().put("CNI_COMMAND", command);
        }
        assertThat(builder.start().waitFor(30, TimeUnit.SECONDS)).isTrue();
        return Files.readString(directory.resolve("out"));
    }

    @Test
    void settingsAreLines() {
        assertThatThrownBy(
                        () -> new Executable(Optional.empty(), Path.of("/a"), List.of("/bin/java", "x\nrun /bin/sh")))
                .isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> new Executable(Optional.empty(), Path.of("relative"), List.of()))
                .isInstanceOf(PodnetException.Invalid.class);
    }
}
