package io.podnet.netlink.libc;

/**
 * Linux error numbers that Podnet acts on or prints, generic numbering: include/uapi/asm-generic/errno-base.h and
 * errno.h.
 */
public enum Errno {
    /** Operation not permitted. */
    EPERM(1),
    /** No such file or directory. */
    ENOENT(2),
    /** No such process; rtnetlink: no such route. */
    ESRCH(3),
    /** Interrupted system call. */
    EINTR(4),
    /** Input/output error. */
    EIO(5),
    /** No such device or address. */
    ENXIO(6),
    /** Bad file descriptor. */
    EBADF(9),
    /** Try again. */
    EAGAIN(11),
    /** Out of memory. */
    ENOMEM(12),
    /** Permission denied. */
    EACCES(13),
    /** Bad address. */
    EFAULT(14),
    /** Device or resource busy. */
    EBUSY(16),
    /** File exists. */
    EEXIST(17),
    /** No such device. */
    ENODEV(19),
    /** Not a directory. */
    ENOTDIR(20),
    /** Is a directory. */
    EISDIR(21),
    /** Invalid argument. */
    EINVAL(22),
    /** Too many open files in system. */
    ENFILE(23),
    /** Too many open files. */
    EMFILE(24),
    /** No space left on device. */
    ENOSPC(28),
    /** Read-only file system. */
    EROFS(30),
    /** Numerical result out of range. */
    ERANGE(34),
    /** File name too long. */
    ENAMETOOLONG(36),
    /** Function not implemented. */
    ENOSYS(38),
    /** Directory not empty. */
    ENOTEMPTY(39),
    /** Too many symbolic links. */
    ELOOP(40),
    /** Exchange full: a bridge has no free port number. */
    EXFULL(54),
    /** Bad message: netlink bytes that contradict themselves. */
    EBADMSG(74),
    /** Value too large for defined data type. */
    EOVERFLOW(75),
    /** Interrupted system call should be restarted; nf_tables: the generation changed. */
    ERESTART(85),
    /** Message too long. */
    EMSGSIZE(90),
    /** Protocol not supported. */
    EPROTONOSUPPORT(93),
    /** Operation not supported. */
    EOPNOTSUPP(95),
    /** Address family not supported by protocol. */
    EAFNOSUPPORT(97),
    /** Address already in use. */
    EADDRINUSE(98),
    /** Cannot assign requested address. */
    EADDRNOTAVAIL(99),
    /** Network is down. */
    ENETDOWN(100),
    /** Network is unreachable. */
    ENETUNREACH(101),
    /** No buffer space available. */
    ENOBUFS(105),
    /** Connection timed out. */
    ETIMEDOUT(110),
    /** Connection refused. */
    ECONNREFUSED(111),
    /** No route to host. */
    EHOSTUNREACH(113);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    /**
     * Gives the number.
     *
     * @return the number, positive
     */
    public int number() {
        return number;
    }

    /**
     * Tells whether a call's result is this error.
     *
     * @param result a {@link Libc} result
     * @return true where it is minus this number
     */
    public boolean is(long result) {
        return result == -number;
    }

    /**
     * Names an error number.
     *
     * @param number positive or negative error number
     * @return its symbolic name, or {@code errno N} where Podnet has no name for it
     */
    public static String nameOf(long number) {
        long positive = Math.abs(number);
        for (Errno errno : values()) {
            if (errno.number == positive) {
                return errno.name();
            }
        }
        return "errno " + positive;
    }
}
