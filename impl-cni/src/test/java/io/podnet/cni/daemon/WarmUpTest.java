package io.podnet.cni.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmUpTest {
    @TempDir
    private Path directory = Path.of("");

    private static List<String> mounts() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/mountinfo"));
    }

    private static List<String> links() throws Exception {
        try (Stream<Path> links = Files.list(Path.of("/sys/class/net"))) {
            return links.map(String::valueOf).sorted().toList();
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("podnet"))
                .toList();
    }

    @Test
    void attachesAndDetachesWhereNobodySeesItAndLeavesNothing() throws Exception {
        Path killed = Files.createDirectories(directory.resolve("warm-up-999999999/state"));
        Files.writeString(killed.resolve("file"), "of a process that is gone");
        Files.createDirectory(directory.resolve("networks"));
        List<String> mounts = mounts();
        List<String> links = links();
        List<String> threads = threads();

        assertThat(WarmUp.run(directory, Duration.ofSeconds(4))).isPositive();

        assertThat(mounts()).isEqualTo(mounts);
        assertThat(links()).isEqualTo(links);
        assertThat(threads()).isEqualTo(threads);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(directory.resolve("networks"));
        }
    }

    @Test
    void isNotDoneWhereThereIsNoTimeForIt() throws Exception {
        assertThat(WarmUp.run(directory.resolve("absent"), Duration.ZERO)).isZero();
        assertThat(directory.resolve("absent")).doesNotExist();
    }

    @Test
    void whatGoesWrongIsNoHarm() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThat(WarmUp.run(file, Duration.ofMillis(500))).isZero();
    }
}
