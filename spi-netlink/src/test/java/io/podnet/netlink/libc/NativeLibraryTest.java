package io.podnet.netlink.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
    @TempDir
    Path directory;

    private List<String> where(String options) throws Exception {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o " + options + " tmpfs \"$0\" && cd \"$0\" && exec \"$@\"",
                        directory.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + directory,
                        "-cp",
                        classPath,
                        NativeLibraryScenario.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines()
                .filter(line -> line.startsWith("loaded") || line.startsWith("refused"))
                .toList();
    }

    @Test
    void saysWhatToDoWhereNothingMayBeExecutedAndSaysItAgain() throws Exception {
        assertThat(where("noexec"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("refused").contains("-Djffi.extract.dir=DIR"));
        assertThat(where("exec")).containsExactly("loaded", "loaded");
    }
}
