package io.podnet.examples.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestDirectoryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n";

    @TempDir
    Path directory = Path.of("");

    private ManifestDirectory open() {
        return new ManifestDirectory(directory, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private void write(String name, String text, long ageMillis) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(NOW.minusMillis(ageMillis)));
    }

    @Test
    void readsManifestsAndNothingElse() throws IOException {
        write("a.yaml", POD, 1000);
        write("b.yml", POD, 1000);
        write("c.json", "{}", 1000);
        write(".hidden.yaml", POD, 1000);
        write("backup.yaml~", POD, 1000);
        Files.createDirectory(directory.resolve("d.yaml"));

        Snapshot snapshot = open().scan();

        assertThat(snapshot.settled()).isTrue();
        assertThat(snapshot.files()).containsOnlyKeys("a.yaml", "b.yml", "c.json");
    }

    @Test
    void aFileThatIsBeingWrittenCountsAsItWas() throws IOException {
        write("a.yaml", POD, 5000);
        ManifestDirectory manifests = open();
        manifests.scan();

        write("a.yaml", "", 10);
        Snapshot during = manifests.scan();
        assertThat(during.settled()).isFalse();
        assertThat(during.files().get("a.yaml").pods()).hasSize(1);

        write("a.yaml", "", 1000);
        Snapshot after = manifests.scan();
        assertThat(after.settled()).isTrue();
        assertThat(after.files().get("a.yaml").pods()).isEmpty();
    }

    @Test
    void aNewFileThatIsBeingWrittenIsIncomplete() throws IOException {
        write("a.yaml", POD, 0);

        Snapshot snapshot = open().scan();

        assertThat(snapshot.settled()).isFalse();
        assertThat(snapshot.files().get("a.yaml").complete()).isFalse();
        assertThat(snapshot.files().get("a.yaml").problems()).isEmpty();
    }

    @Test
    void aClockThatRunsBehindHidesNoFile() throws IOException {
        write("a.yaml", POD, -3_600_000);
        assertThat(open().scan().files().get("a.yaml").pods()).hasSize(1);
    }

    @Test
    void textThatIsNotUtf8IsRefused() throws IOException {
        Path file = directory.resolve("a.yaml");
        Files.write(file, new byte[] {'a', (byte) 0xff});
        Files.setLastModifiedTime(file, FileTime.from(NOW.minusMillis(1000)));

        assertThat(open().scan().files().get("a.yaml").problems())
                .containsExactly("a.yaml:1: not UTF-8 text; save it as UTF-8");
    }

    @Test
    void aMissingDirectoryIsSaid() {
        Path absent = directory.resolve("absent");
        assertThatThrownBy(() -> new ManifestDirectory(absent, Clock.systemUTC()).scan())
                .isInstanceOf(PodnetException.NotFound.class)
                .hasMessageContaining("does not exist; create it");
    }
}
