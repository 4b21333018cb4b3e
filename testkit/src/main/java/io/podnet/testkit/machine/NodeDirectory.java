package io.podnet.testkit.machine;

import io.podnet.netlink.libc.Libc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary directory for the files of a node under test. Podnet makes the directory of its pins a mount and leaves it, as
 * ip-netns(8) does; this takes it away with all the rest.
 */
public final class NodeDirectory implements AutoCloseable {
    private static final int MNT_DETACH = 2;

    private final Path directory;

    /** Makes the directory. */
    public NodeDirectory() {
        try {
            directory = Files.createTempDirectory("podnet-node");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Gives the place for {@link io.podnet.api.PodnetBuilder#netnsDirectory}.
     *
     * @return a path inside
     */
    public Path netns() {
        return directory.resolve("netns");
    }

    /**
     * Gives the place for {@link io.podnet.api.PodnetBuilder#stateDirectory}.
     *
     * @return a path inside
     */
    public Path state() {
        return directory.resolve("state");
    }

    /**
     * Writes a resolv.conf of a node.
     *
     * @param text its lines
     * @return the file, for {@link io.podnet.api.PodnetBuilder#resolvConf}
     */
    public Path resolvConf(String text) {
        try {
            return Files.writeString(directory.resolve("resolv.conf"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the directory; its node must be closed. */
    @Override
    public void close() {
        Libc.instance().umount2(netns().toString(), MNT_DETACH);
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
