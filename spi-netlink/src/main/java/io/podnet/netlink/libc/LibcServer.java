package io.podnet.netlink.libc;

/**
 * The C library's calls of a server: readiness of many descriptors, many datagrams at once. Results as in {@link Libc}.
 * Stateless and safe for any thread.
 */
public final class LibcServer {
    private final Libc libc;
    private final LibcFunctions functions;

    private LibcServer(Libc libc) {
        this.libc = libc;
        this.functions = libc.functions();
    }

    /**
     * Gives the library, loading it on first use.
     *
     * @return an instance
     */
    public static LibcServer instance() {
        return new LibcServer(Libc.instance());
    }

    /**
     * listen(2).
     *
     * @param fd socket
     * @param backlog connections that may wait to be accepted
     * @return 0 or -errno
     */
    public int listen(int fd, int backlog) {
        return libc.checked(functions.listen(fd, backlog));
    }

    /**
     * accept4(2).
     *
     * @param fd listening socket
     * @param address address of a sockaddr to fill
     * @param length address of a socklen_t, in and out
     * @param flags SOCK_*
     * @return a file descriptor or -errno
     */
    public int accept4(int fd, long address, long length, int flags) {
        return libc.checked(functions.accept4(fd, address, length, flags));
    }

    /**
     * recvmmsg(2) without a timeout, whose meaning is broken (recvmmsg(2), BUGS).
     *
     * @param fd socket
     * @param messages address of mmsghdr structs
     * @param count how many
     * @param flags MSG_*
     * @return messages received or -errno
     */
    public int recvmmsg(int fd, long messages, int count, int flags) {
        return libc.checked(functions.recvmmsg(fd, messages, count, flags, 0));
    }

    /**
     * sendmmsg(2).
     *
     * @param fd socket
     * @param messages address of mmsghdr structs
     * @param count how many
     * @param flags MSG_*
     * @return messages sent, or -errno where the first was refused
     */
    public int sendmmsg(int fd, long messages, int count, int flags) {
        return libc.checked(functions.sendmmsg(fd, messages, count, flags));
    }

    /**
     * epoll_create1(2).
     *
     * @param flags EPOLL_CLOEXEC
     * @return a file descriptor or -errno
     */
    public int epollCreate(int flags) {
        return libc.checked(functions.epoll_create1(flags));
    }

    /**
     * epoll_ctl(2).
     *
     * @param epoll epoll descriptor
     * @param operation EPOLL_CTL_*
     * @param fd descriptor to watch
     * @param event address of a struct epoll_event
     * @return 0 or -errno
     */
    public int epollControl(int epoll, int operation, int fd, long event) {
        return libc.checked(functions.epoll_ctl(epoll, operation, fd, event));
    }

    /**
     * epoll_wait(2).
     *
     * @param epoll epoll descriptor
     * @param events address of epoll_event structs to fill
     * @param count how many fit
     * @param timeoutMillis milliseconds, -1 for no bound
     * @return how many were filled, 0 after the time, or -errno
     */
    public int epollWait(int epoll, long events, int count, int timeoutMillis) {
        return libc.checked(functions.epoll_wait(epoll, events, count, timeoutMillis));
    }
}
