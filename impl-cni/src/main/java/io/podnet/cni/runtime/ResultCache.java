package io.podnet.cni.runtime;

import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.CniNames;
import io.podnet.cni.spec.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was attached, on disk: files {@code results/NETWORK-CONTAINER-IFNAME} in libcni's format, so that either can delete what
 * the other added. Written by fsync and rename, mode 0600 in a directory of 0700, since arguments may have secrets. Safe for
 * any thread, as long as calls for one attachment come one after the other.
 */
public final class ResultCache {
    private static final Logger LOG = LoggerFactory.getLogger(ResultCache.class);
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final int LONGEST_NAME = 255;

    private final Path directory;
    private final Path results;

    /**
     * Prepares a cache; nothing is made before the first write.
     *
     * @param directory libcni's cache directory, {@code /var/lib/cni} by its default
     */
    public ResultCache(Path directory) {
        this.directory = directory.toAbsolutePath();
        this.results = this.directory.resolve("results");
    }

    /**
     * Gives the place.
     *
     * @return the cache directory, absolute
     */
    public Path directory() {
        return directory;
    }

    private Path file(String network, Attachment attachment) {
        String name = CniNames.networkName(network) + "-" + attachment.containerId() + "-" + attachment.ifName();
        if (name.length() > LONGEST_NAME) {
            throw new PodnetException.Invalid("network, container id and interface name together have " + name.length()
                    + " characters; a file of the cache takes " + (LONGEST_NAME - 2));
        }
        return results.resolve(name);
    }

    /**
     * Reads an entry.
     *
     * @param network the network's name
     * @param attachment the attachment
     * @return the entry; empty where there is none, or none that can be read
     * @throws PodnetException.Conflict where the file is another attachment's, whose names join to the same
     */
    public Optional<CachedAttachment> read(String network, Attachment attachment) {
        Path file = file(network, attachment);
        Optional<CachedAttachment> entry = read(file);
        if (entry.isPresent()
                && !(entry.get().network().equals(network)
                        && entry.get().attachment().id().equals(attachment.id()))) {
            throw new PodnetException.Conflict(
                    "cache entry " + file + " belongs to " + entry.get().attachment() + " in network "
                            + entry.get().network() + "; choose another container id or network name");
        }
        return entry;
    }

    private static Optional<CachedAttachment> read(Path file) {
        try {
            return Optional.of(CachedAttachment.read(JsonObject.parse("cache entry", Files.readAllBytes(file))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | CniException e) {
            LOG.atWarn().addKeyValue("file", file).log("a cache entry cannot be read: {}", e.toString());
            return Optional.empty();
        }
    }

    /**
     * Writes an entry, so that either the old or the new one is read after a crash.
     *
     * @param entry the entry
     * @throws PodnetException.StateFailure where it cannot be written
     * @throws PodnetException.Invalid where others may write the directory
     */
    public void write(CachedAttachment entry) {
        Path file = file(entry.network(), entry.attachment());
        try {
            prepare();
            // Beside the results: libcni takes every file among them for an entry.
            Path temporary = Files.createTempFile(directory, ".result", "", PRIVATE_FILE);
            boolean moved = false;
            try {
                fill(temporary, entry.toJson().toBytes());
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
                moved = true;
            } finally {
                if (!moved) {
                    Files.deleteIfExists(temporary);
                }
            }
            forceResults();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cache entry " + file + " cannot be written: " + e, e);
        }
    }

    private void prepare() throws IOException {
        Files.createDirectories(results, PRIVATE_DIRECTORY);
        for (Path one : List.of(directory, results)) {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(one);
            if (mode.contains(PosixFilePermission.OTHERS_WRITE) || mode.contains(PosixFilePermission.GROUP_WRITE)) {
                throw new PodnetException.Invalid(
                        "cache directory " + one + " is writable for others (" + PosixFilePermissions.toString(mode)
                                + "), who could have any address given back; use chmod 0700");
            }
        }
    }

    private static void fill(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        }
    }

    private void forceResults() throws IOException {
        try (FileChannel channel = FileChannel.open(results, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Removes an entry; absent is fine.
     *
     * @param network the network's name
     * @param attachment the attachment
     * @throws PodnetException.StateFailure where it cannot be removed
     */
    public void remove(String network, Attachment attachment) {
        Path file = file(network, attachment);
        try {
            if (Files.deleteIfExists(file)) {
                forceResults();
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cache entry " + file + " cannot be removed: " + e, e);
        }
    }

    /**
     * Lists all entries that can be read.
     *
     * @return the entries, by file name
     * @throws PodnetException.StateFailure where the directory cannot be read
     */
    public List<CachedAttachment> list() {
        List<CachedAttachment> entries = new ArrayList<>();
        try (Stream<Path> files = Files.list(results)) {
            files.sorted().forEach(file -> read(file).ifPresent(entries::add));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cache directory " + results + " cannot be listed: " + e, e);
        }
        return entries;
    }
}
