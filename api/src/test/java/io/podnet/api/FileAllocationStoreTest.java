package io.podnet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.allocation.Allocation;
import io.podnet.allocation.Allocation.PortKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAllocationStoreTest {
    private static final Allocation WEB = new Allocation(
            new ServiceId("shop", "web"),
            List.of(IpAddress.parse("fd00::7"), IpAddress.parse("10.96.3.7")),
            Map.of(new PortKey(Protocol.TCP, 80), 30_080, new PortKey(Protocol.UDP, 53), 30_053),
            OptionalInt.of(30_111));

    @TempDir
    Path directory;

    @Test
    void readsBackWhatItWrote() {
        FileAllocationStore store = FileAllocationStore.open(directory);
        Allocation bare = new Allocation(
                new ServiceId("a", "b"), List.of(IpAddress.parse("10.96.0.1")), Map.of(), OptionalInt.empty());
        store.write(WEB);
        store.write(bare);
        assertThat(FileAllocationStore.open(directory).list()).containsExactly(bare, WEB);
        store.remove(bare.service());
        store.remove(bare.service());
        assertThat(FileAllocationStore.open(directory).list()).containsExactly(WEB);
    }

    @Test
    void aRecordThatWasCutShortIsDamagedAndATemporaryOneIsAWriteThatNeverReturned() throws IOException {
        FileAllocationStore store = FileAllocationStore.open(directory);
        store.write(WEB);
        Path file = directory.resolve("shop@web");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(store::list)
                    .as("cut to %s bytes", length)
                    .isInstanceOf(PodnetException.StateFailure.class)
                    .hasMessageContaining(file + " is damaged");
        }
        Files.write(file, whole);
        Files.write(directory.resolve(".tmp@shop@web"), whole);
        assertThat(FileAllocationStore.open(directory).list()).containsExactly(WEB);
        assertThat(directory.resolve(".tmp@shop@web")).doesNotExist();
    }

    @Test
    void namesTheFileThatIsDamaged() throws IOException {
        Files.writeString(directory.resolve("a@b"), "clusterIps=nonsense\nname=b\nnamespace=a\nversion=1\nend=1\n");
        assertThatThrownBy(() -> FileAllocationStore.open(directory).list())
                .isInstanceOf(PodnetException.StateFailure.class)
                .hasMessageContaining("a@b");
    }
}
