package io.podnet.examples.cniplugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive that is there, one that is spoilt, and none. */
class ClassArchiveTest {
    @TempDir
    private Path directory = Path.of("");

    /** A program of one class. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            System.out.print("answer");
        }
    }

    private List<String> command() throws Exception {
        Path jar = directory.resolve("program.jar");
        String entry = Program.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream source = Program.class.getClassLoader().getResourceAsStream(entry)) {
            out.putNextEntry(new JarEntry(entry));
            Objects.requireNonNull(source).transferTo(out);
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(InstallCniCommand.options());
        command.addAll(List.of("-cp", jar.toString(), Program.class.getName()));
        return command;
    }

    private static String answer(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream out = process.getInputStream()) {
            String answer = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).isZero();
            return answer;
        }
    }

    @Test
    void aProgramAnswersTheSameWhateverBecomesOfItsArchive() throws Exception {
        List<String> command = ClassArchive.of(directory).with(command());
        Path archive = directory.resolve("podnet-cni.jsa");
        assertThat(command).contains("-XX:SharedArchiveFile=" + archive);
        assertThat(answer(command)).isEqualTo("answer");
        Files.delete(archive);
        assertThat(answer(command)).as("gone").isEqualTo("answer");
        Files.writeString(archive, "spoilt");
        assertThat(answer(command)).as("spoilt").isEqualTo("answer");
    }

    @Test
    void aProgramThatFailsAtPracticeIsCalledWithoutAnArchive() throws Exception {
        List<String> command = List.of("/bin/false", "-cp", "none", "Program");
        assertThat(ClassArchive.of(directory).with(command)).isEqualTo(command);
        assertThat(directory).isEmptyDirectory();
    }
}
