package io.podnet.bridge.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcProcessesTest {
    private final ProcProcesses processes = new ProcProcesses("0123abcd-ef");

    @Test
    void tellsTheLivingFromTheDead() {
        String self = processes.newInstance();
        String[] part = self.split("-");
        assertThat(part[0]).isEqualTo("0123abcdef");
        assertThat(processes.newInstance()).isNotEqualTo(self);
        assertThat(processes.alive(self)).isTrue();
        assertThat(processes.alive("closed~" + self)).isFalse();
        assertThat(new ProcProcesses("other").alive(self)).isFalse();
        // Another process got the id, or none has it: kernels give none above 2^22.
        assertThat(processes.alive(String.join("-", part[0], part[1], "1" + part[2], part[3], part[4])))
                .isFalse();
        assertThat(processes.alive(String.join("-", part[0], "99999999", part[2], part[3], part[4])))
                .isFalse();
        // Nobody can look into another pid namespace from below.
        assertThat(processes.alive(String.join("-", part[0], "99999999", part[2], "1", part[4])))
                .isTrue();
    }

    @Test
    void thisBootBeganBeforeAFileThatIsWrittenNow(@TempDir Path directory) throws IOException {
        Boot boot = Boot.current();
        Path file = Files.createFile(directory.resolve("file"));
        assertThat(boot.id()).matches("[0-9a-f-]{36}");
        assertThat(boot.startedAt())
                .isAfter(Instant.EPOCH)
                .isBefore(Files.getLastModifiedTime(file).toInstant());
    }
}
