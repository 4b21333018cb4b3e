package io.podnet.netlink.namespace;

/**
 * Work that is done inside a namespace. It may make system calls and open sockets, channels and files, and nothing else:
 * no logging, no waiting, no executor, no process, since a thread or a process started there stays there and keeps the
 * namespace alive. What it opens can be used from any thread afterwards.
 *
 * @param <T> what it brings back
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface NamespaceTask<T, X extends Exception> {
    /**
     * Does the work.
     *
     * @return what to bring back
     * @throws X as the work needs
     */
    T call() throws X;
}
