package io.podnet.cni.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.cni.plugin.PodnetPlugin;
import io.podnet.netlink.namespace.MadeNamespaces;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NewNamespaces;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingDeletesTest {
    @TempDir
    private Path directory = Path.of("");

    /** Asks an IPAM plugin that notes that it was asked, and fails. */
    private byte[] delete() throws Exception {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        Files.writeString(
                bin.resolve("failing"),
                "#!/bin/sh\necho asked >> " + asked() + "\n"
                        + "echo '{\"cniVersion\":\"1.0.0\",\"code\":11,\"msg\":\"not now\"}'\nexit 1\n");
        Files.setPosixFilePermissions(bin.resolve("failing"), PosixFilePermissions.fromString("rwxr-xr-x"));
        byte[] environment = ("CNI_COMMAND=DEL\0CNI_CONTAINERID=one\0CNI_NETNS=\0CNI_IFNAME=eth0\0CNI_PATH=" + bin
                        + "\0")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] config =
                "{\"cniVersion\":\"1.0.0\",\"name\":\"net\",\"type\":\"podnet-cni\",\"ipam\":{\"type\":\"failing\"}}"
                        .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(Frame.HEADER + environment.length + config.length)
                .order(ByteOrder.nativeOrder())
                .put("PNC1".getBytes(StandardCharsets.US_ASCII))
                .putInt(environment.length)
                .putInt(config.length)
                .putInt(0)
                .put(environment)
                .put(config)
                .array();
    }

    private Path asked() {
        return directory.resolve("asked");
    }

    @Test
    void oneThatFailedIsLeftAloneForAWhileButNotALaterOneOfItsName() throws Exception {
        byte[] delete = delete();
        try (NamespaceThreads threads = new NamespaceThreads();
                MadeNamespaces<Boolean> node = threads.make(NewNamespaces.network(), () -> true);
                PodnetPlugin plugin = PodnetPlugin.open(
                        directory.resolve("state"), Optional.of(node.network().path()))) {
            Path file = Files.write(plugin.pendingDirectory().resolve("del-0000000000000000"), delete);
            PendingDeletes pending = new PendingDeletes(plugin);
            pending.work("");
            assertThat(Files.readAllLines(asked())).hasSize(1);
            pending.work("");
            assertThat(Files.readAllLines(asked())).hasSize(1);
            assertThat(file).exists();

            // A process without the daemon works off what it finds, too.
            Files.delete(file);
            pending.work("");
            Files.write(file, delete);
            pending.work("");
            assertThat(Files.readAllLines(asked())).hasSize(2);
        }
    }
}
