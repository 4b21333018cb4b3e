package io.podnet.examples.cniplugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command line of a call without the daemon. */
class InstallCniCommandTest {
    @Test
    void whatTheJvmSaysIsNoPartOfTheAnswer() throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(InstallCniCommand.options());
        // Where no large pages are set apart the JVM says so, by default on standard output.
        command.addAll(List.of("-XX:+UseLargePages", "-version"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (InputStream out = process.getInputStream()) {
            out.transferTo(said);
        }
        assertThat(process.waitFor()).isZero();
        assertThat(said.toString()).isEmpty();
    }
}
