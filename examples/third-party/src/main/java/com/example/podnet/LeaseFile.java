package com.example.podnet;

import io.podnet.api.AttachmentId;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Leases in a file that is replaced as a whole, on disk before anybody hears of a change. A lock file keeps others out
 * meanwhile. A line is {@code last ADDRESS}, or {@code lease SANDBOX INTERFACE true|false ADDRESS...}.
 */
final class LeaseFile {
    private final Path file;
    private final Path lock;

    /** An owner's addresses, in order of the range sets. */
    record Holding(List<IpAddress> addresses, boolean committed) {}

    /** What the file says; the maps may be changed. */
    record Content(Map<String, Holding> holdings, List<IpAddress> last) {
        static String key(AttachmentId owner) {
            return owner.sandboxId() + " " + owner.ifName();
        }

        static AttachmentId owner(String key) {
            String[] parts = key.split(" ", -1);
            return new AttachmentId(parts[0], parts[1]);
        }
    }

    LeaseFile(Path directory, String network) {
        this.file = directory.resolve(network + ".leases");
        this.lock = directory.resolve(network + ".lock");
    }

    /** Reads, lets work, and writes where something changed; nothing is written where the work fails. */
    <T> T change(Function<Content, T> work) {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = lock(channel)) {
            String before = Files.exists(file) ? Files.readString(file) : "";
            Content content = parse(before);
            T result = work.apply(content);
            String after = write(content);
            if (held.isValid() && !after.equals(before)) {
                replace(after);
            }
            return result;
        } catch (IOException e) {
            throw new PodnetException.StateFailure("leases in " + file + " cannot be read or written: " + e, e);
        }
    }

    /** Another Ipam of this JVM makes the lock fail at once instead of waiting. */
    private static FileLock lock(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException inThisProcess) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
            }
        }
    }

    private void replace(String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.UTF_8.encode(text));
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static Content parse(String text) {
        Content content = new Content(new TreeMap<>(), new ArrayList<>());
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("last")) {
                content.last().add(IpAddress.parse(words[1]));
            } else {
                List<IpAddress> addresses = new ArrayList<>();
                for (int i = 4; i < words.length; i++) {
                    addresses.add(IpAddress.parse(words[i]));
                }
                content.holdings()
                        .put(words[1] + " " + words[2], new Holding(addresses, Boolean.parseBoolean(words[3])));
            }
        }
        return content;
    }

    private static String write(Content content) {
        StringBuilder text = new StringBuilder();
        content.last().forEach(address -> text.append("last ").append(address).append('\n'));
        content.holdings().forEach((owner, holding) -> {
            text.append("lease ").append(owner).append(' ').append(holding.committed());
            holding.addresses().forEach(address -> text.append(' ').append(address));
            text.append('\n');
        });
        return text.toString();
    }
}
