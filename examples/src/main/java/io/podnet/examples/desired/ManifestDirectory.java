package io.podnet.examples.desired;

import io.podnet.api.PodnetException;
import io.podnet.examples.manifest.FileContent;
import io.podnet.examples.manifest.ManifestReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the manifests' directory. Unchanged files are not read again. A file that was written a moment ago is left for
 * the next look, because half a file may well be a good manifest with half the pods. Not thread-safe.
 */
public final class ManifestDirectory implements ManifestSource {
    private static final Duration SETTLED = Duration.ofMillis(150);
    private static final long MAX_BYTES = 4L << 20;

    private record Version(
            long modifiedMillis, long size, @Nullable Object key) {}

    private record Known(Version version, FileContent content) {}

    private final Path directory;
    private final Clock clock;
    private final Map<String, Known> known = new HashMap<>();

    /**
     * Opens a directory.
     *
     * @param directory where the manifests are
     * @param clock tells how old a file is
     */
    public ManifestDirectory(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    @Override
    public Snapshot scan() {
        NavigableMap<String, FileContent> files = new TreeMap<>();
        boolean settled = true;
        for (Path file : list()) {
            String name = file.getFileName().toString();
            Optional<FileContent> content = content(name, file);
            settled &= content.isPresent();
            Known before = known.get(name);
            // Without an earlier version an incomplete content keeps what was accepted before this process began.
            files.put(
                    name,
                    content.orElseGet(() -> before != null
                            ? before.content()
                            : new FileContent(List.of(), Map.of(), false, List.of(), List.of())));
        }
        known.keySet().retainAll(files.keySet());
        return new Snapshot(files, settled);
    }

    private List<Path> list() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(ManifestDirectory::isManifest).sorted().toList();
        } catch (NoSuchFileException e) {
            throw new PodnetException.NotFound(
                    "manifests directory " + directory + " does not exist; create it, or name another one");
        } catch (IOException e) {
            throw new PodnetException.StateFailure("manifests directory " + directory + " cannot be read: " + e, e);
        }
    }

    private static boolean isManifest(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(".")
                && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"))
                && Files.isRegularFile(file);
    }

    /** Gives the content, empty where the file is being written. */
    private Optional<FileContent> content(String name, Path file) {
        try {
            Version version = version(file);
            Known before = known.get(name);
            if (before != null && before.version().equals(version)) {
                return Optional.of(before.content());
            }
            long age = clock.millis() - version.modifiedMillis();
            if (age >= 0 && age < SETTLED.toMillis()) {
                return Optional.empty();
            }
            FileContent content = version.size() > MAX_BYTES
                    ? FileContent.unreadable(name + ":1: larger than 4 MiB; split it into several files")
                    : ManifestReader.read(name, text(file));
            if (!version(file).equals(version)) {
                return Optional.empty();
            }
            known.put(name, new Known(version, content));
            return Optional.of(content);
        } catch (CharacterCodingException e) {
            return Optional.of(FileContent.unreadable(name + ":1: not UTF-8 text; save it as UTF-8"));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(FileContent.unreadable(name + ":1: cannot be read: " + e));
        }
    }

    private static Version version(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Version(attributes.lastModifiedTime().toMillis(), attributes.size(), attributes.fileKey());
    }

    private static String text(Path file) throws IOException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                .toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
