package io.podnet.netlink.libc;

import io.podnet.api.PodnetException;

/** Turns a {@link Libc} result into the exception that a caller of Podnet sees. */
public final class Refusal {
    private Refusal() {}

    /**
     * Describes a refused system call.
     *
     * @param operation what was tried, in the kernel's words, for example {@code setns}
     * @param object the object it was tried on
     * @param result the call's negative result
     * @return {@link PodnetException.PermissionDenied} for EPERM and EACCES, {@link PodnetException.Unsupported} for
     *     ENOSYS, else {@link PodnetException.KernelRejected}
     */
    public static PodnetException of(String operation, String object, long result) {
        int errno = (int) Math.abs(result);
        PodnetException refused = new PodnetException.KernelRejected(operation, object, errno, Errno.nameOf(errno), "");
        if (errno == Errno.EPERM.number() || errno == Errno.EACCES.number()) {
            return new PodnetException.PermissionDenied(
                    operation + " on " + object + " is not permitted (" + Errno.nameOf(errno)
                            + "); run as root, or with CAP_SYS_ADMIN in the user namespace that owns it",
                    refused);
        }
        if (errno == Errno.ENOSYS.number()) {
            return new PodnetException.Unsupported(
                    "this kernel, or a seccomp filter, does not offer " + operation + " (asked for on " + object + ")",
                    refused);
        }
        return refused;
    }
}
