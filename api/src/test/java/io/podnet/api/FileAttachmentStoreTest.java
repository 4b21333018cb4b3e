package io.podnet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.spi.AttachmentRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAttachmentStoreTest {
    @TempDir
    Path directory;

    private static AttachmentRecord record(PodSpec spec) {
        return new AttachmentRecord(
                new AttachmentId("0123456789ab", "eth0"),
                spec,
                "bridge",
                Path.of("/run/netns/podnet-0123456789ab"),
                4026532000L,
                true,
                "boot",
                Instant.parse("2026-11-22T10:00:00Z"),
                PodPhase.PENDING,
                "",
                Optional.empty());
    }

    private static PodSpec awkward() {
        return PodSpec.of("shop", "web.1")
                .uid("u id=1")
                .label("app.kubernetes.io/name", "a=b # c\\d")
                .annotation("note", "two\nlines\tand = signs: #!")
                .annotation(Bandwidth.INGRESS_ANNOTATION, "10M")
                .hostname("web")
                .subdomain("sub")
                .setHostnameAsFqdn(true)
                .containerPort("http", 80, Protocol.TCP)
                .containerPort("", 9000, Protocol.UDP)
                .hostPort(8080, 80, Protocol.TCP)
                .hostPort(new HostPort(Optional.of(IpAddress.parse("fd00::1")), 53, 53, Protocol.UDP))
                .requestedIp(IpAddress.parse("10.244.1.7"))
                .dnsPolicy(DnsPolicy.NONE)
                .dnsConfig(new DnsConfig(
                        List.of(IpAddress.parse("10.96.0.10")),
                        List.of("a.example", "b.example"),
                        Map.of("ndots", "2")))
                .hostAlias(new HostAlias(IpAddress.parse("192.0.2.1"), List.of("one", "two.example")))
                .build();
    }

    @Test
    void anInterruptIsKeptAndStopsNoWriteOrRemoval() {
        FileAttachmentStore store = new FileAttachmentStore(directory);
        AttachmentRecord pending = record(awkward());
        Thread.currentThread().interrupt();
        store.write(pending);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(store.read(pending.id())).contains(pending);
        store.remove(pending.id());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.list()).isEmpty();
    }

    @Test
    void readsBackWhatItWrote() {
        FileAttachmentStore store = new FileAttachmentStore(directory);
        AttachmentRecord pending = record(awkward());
        store.write(pending);
        assertThat(store.read(pending.id())).contains(pending);
        AttachmentRecord running = pending.running(new PodNetworkStatus(
                "eth0",
                List.of(InterfaceAddress.parse("10.244.1.7/24"), InterfaceAddress.parse("fd00::7/64")),
                List.of(IpAddress.parse("10.244.1.1"), IpAddress.parse("fd00::1")),
                MacAddress.parse("0a:58:0a:f4:01:07"),
                1500,
                Optional.of("pn0123456789ab")));
        store.write(running);
        assertThat(store.list()).containsExactly(running);
        store.remove(running.id());
        store.remove(running.id());
        assertThat(store.list()).isEmpty();
    }

    @Test
    void keepsRecordsToItself() throws IOException {
        FileAttachmentStore store = new FileAttachmentStore(directory);
        store.write(record(awkward()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("0123456789ab@eth0"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aRecordThatWasCutShortIsDamagedAndNoPodIsForgotten() throws IOException {
        FileAttachmentStore store = new FileAttachmentStore(directory);
        AttachmentRecord record = record(awkward());
        store.write(record);
        Path file = directory.resolve("0123456789ab@eth0");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(store::list)
                    .as("cut to %s bytes", length)
                    .isInstanceOf(PodnetException.StateFailure.class)
                    .hasMessageContaining(file + " is damaged");
        }
    }

    @Test
    void readsARecordFromBeforePodsHadContainerPorts() throws IOException {
        FileAttachmentStore store = new FileAttachmentStore(directory);
        AttachmentRecord record = record(awkward());
        store.write(record);
        Path file = directory.resolve("0123456789ab@eth0");
        Files.write(
                file,
                Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith("containerPort."))
                        .toList());
        assertThat(store.read(record.id()).orElseThrow().spec().containerPorts())
                .isEmpty();
        assertThat(store.read(record.id()).orElseThrow().spec().hostPorts())
                .isEqualTo(record.spec().hostPorts());
    }

    @Test
    void namesTheFileThatIsDamaged() throws IOException {
        FileAttachmentStore store = new FileAttachmentStore(directory);
        Files.writeString(directory.resolve("x@eth0"), "version=1\nsandboxId=x\nend=1\n");
        assertThatThrownBy(store::list)
                .isInstanceOf(PodnetException.StateFailure.class)
                .hasMessageContaining("x@eth0");
    }
}
