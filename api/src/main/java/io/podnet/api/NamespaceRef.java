package io.podnet.api;

import java.nio.file.Path;

/**
 * A Linux network namespace that somebody holds open. Identity is the pair of device and inode (namespaces(7)), never
 * the path: a path may come to name another namespace.
 *
 * <p>Implementations are safe for any thread.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface NamespaceRef {
    /**
     * Gives a descriptor of the namespace, valid for as long as its holder stays open. Whoever keeps it longer
     * duplicates it.
     *
     * @return an open file descriptor of this process
     */
    int fd();

    /**
     * Gives a path by which other processes reach the namespace.
     *
     * @return a pin such as {@code /run/netns/NAME}, or {@code /proc/PID/fd/N} where it is not pinned
     */
    Path path();

    /**
     * Gives the namespace's inode number, as in {@code /proc/PID/ns/net}.
     *
     * @return the inode number
     */
    long inode();
}
