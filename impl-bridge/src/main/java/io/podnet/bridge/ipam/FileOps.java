package io.podnet.bridge.ipam;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Every file operation of this room, one method each: the seam where tests count operations, make them fail, or stop
 * the process. No method is interruptible, since teardown often runs in interrupted threads.
 */
interface FileOps {
    /**
     * What is known of a file without opening it.
     *
     * @param regular true for a regular file; links are not followed
     * @param directory true for a directory
     * @param writableByOthers true where group or others may write
     * @param modified the time of the last modification, as precise as the file system has it
     */
    record Stat(boolean regular, boolean directory, boolean writableByOthers, Instant modified) {}

    /** A held lock; closing gives it back. */
    interface Lock extends AutoCloseable {
        @Override
        void close();
    }

    /** Looks at a file, not following a link; empty where there is none. */
    Optional<Stat> stat(Path file) throws IOException;

    /** Lists the names in a directory; none where there is no directory. */
    List<String> list(Path directory) throws IOException;

    /** Reads at most {@code limit} bytes; empty where there is no file. */
    Optional<byte[]> read(Path file, int limit) throws IOException;

    /** Makes a directory, mode 0700, and missing parents; an existing one stays as it is. */
    void createDirectory(Path directory) throws IOException;

    /** Makes a file, mode 0600, that must not exist. Its content is durable, its name is not: {@link #syncDirectory}. */
    void createFile(Path file, byte[] content) throws IOException;

    /** Replaces a file's content in place, making it with mode 0600 where missing. Neither atomic nor durable. */
    void overwrite(Path file, byte[] content) throws IOException;

    /** fsync(2) of a directory: names made or removed in it become durable. */
    void syncDirectory(Path directory) throws IOException;

    /** link(2): false where the name is taken. */
    boolean link(Path name, Path existing) throws IOException;

    /** rename(2), replacing the target. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file or an empty directory; false where there is none. */
    boolean delete(Path file) throws IOException;

    /** Sets the time of the last modification. */
    void setModified(Path file, Instant time) throws IOException;

    /** flock(2), exclusive, making the file where missing; waits a bounded time. */
    Lock lock(Path file) throws IOException;
}
