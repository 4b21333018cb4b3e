package io.podnet.api;

import org.jspecify.annotations.Nullable;

/**
 * Root of everything that Podnet throws on purpose. The message says what was tried, on which object, what the kernel
 * or the file system answered, and what to do about it; callers catch a nested kind where they can act on it.
 *
 * <p>Unchecked, because most callers can only report it. Immutable and safe to share between threads.
 */
@API(status = API.Status.STABLE, since = "0.1")
public abstract sealed class PodnetException extends RuntimeException {

    private PodnetException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Tells whether the same call may succeed later without anybody changing anything, as after a full pool or an
     * interrupted dump. CNI maps this to its code 11, "try again later".
     *
     * @return true where a later retry can help
     */
    public boolean retryable() {
        return false;
    }

    /** An argument, a manifest or a configuration value that Podnet refuses; nothing was changed. */
    public static final class Invalid extends PodnetException {
        /**
         * Creates the exception.
         *
         * @param message what was given, why it is refused, what would be accepted
         */
        public Invalid(String message) {
            super(message, null);
        }

        /**
         * Creates the exception with the parser's own complaint.
         *
         * @param message what was given, why it is refused, what would be accepted
         * @param cause the parser's exception
         */
        public Invalid(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The object that was asked for does not exist. */
    public static final class NotFound extends PodnetException {
        /**
         * Creates the exception.
         *
         * @param message what was looked for, and where
         */
        public NotFound(String message) {
            super(message, null);
        }
    }

    /** The object exists already, or belongs to somebody else; nothing was changed. */
    public static final class Conflict extends PodnetException {
        /**
         * Creates the exception.
         *
         * @param message which object, whose it is, what to do
         */
        public Conflict(String message) {
            super(message, null);
        }
    }

    /** An address pool has no free address. Later releases may free one. */
    public static final class PoolExhausted extends PodnetException {
        private final String pool;
        private final long capacity;
        private final long allocated;
        private final long coolingDown;

        /**
         * Creates the exception with the fill figures.
         *
         * @param pool the pool's name and ranges, for the message
         * @param capacity addresses that the pool could ever hand out
         * @param allocated addresses that are reserved or committed
         * @param coolingDown addresses that were released and wait before reuse
         */
        public PoolExhausted(String pool, long capacity, long allocated, long coolingDown) {
            super(
                    "no free address in " + pool + ": " + allocated + " of " + capacity + " allocated, " + coolingDown
                            + " cooling down; tear pods down, add a range, or choose a larger pod CIDR",
                    null);
            this.pool = pool;
            this.capacity = capacity;
            this.allocated = allocated;
            this.coolingDown = coolingDown;
        }

        /**
         * Names the pool.
         *
         * @return the pool's name and ranges
         */
        public String pool() {
            return pool;
        }

        /**
         * Tells how many addresses the pool has.
         *
         * @return addresses that the pool could ever hand out
         */
        public long capacity() {
            return capacity;
        }

        /**
         * Tells how many addresses are in use.
         *
         * @return addresses that are reserved or committed
         */
        public long allocated() {
            return allocated;
        }

        /**
         * Tells how many addresses wait before reuse.
         *
         * @return addresses that were released and are not yet reusable
         */
        public long coolingDown() {
            return coolingDown;
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** A limit of the kernel or of Podnet was reached, for example 1023 ports on one bridge. */
    public static final class LimitReached extends PodnetException {
        /**
         * Creates the exception.
         *
         * @param message which limit, of what object, and the way around it
         */
        public LimitReached(String message) {
            super(message, null);
        }
    }

    /** The kernel, or this build of Podnet, lacks a feature that the call needs; nothing was changed. */
    public static final class Unsupported extends PodnetException {
        /**
         * Creates the exception.
         *
         * @param message which feature is missing, and what would provide it
         */
        public Unsupported(String message) {
            super(message, null);
        }

        /**
         * Creates the exception with the refusal that showed the lack.
         *
         * @param message which feature is missing, and what would provide it
         * @param cause the kernel's answer
         */
        public Unsupported(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The process lacks a privilege, such as CAP_NET_ADMIN in the namespace's user namespace. */
    public static final class PermissionDenied extends PodnetException {
        /**
         * Creates the exception.
         *
         * @param message what was tried, which privilege is missing, how to get it
         * @param cause the kernel's answer, or null
         */
        public PermissionDenied(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The kernel refused a request. */
    public static final class KernelRejected extends PodnetException {
        private final String operation;
        private final String object;
        private final int errno;
        private final String kernelMessage;

        /**
         * Creates the exception.
         *
         * @param operation what was tried, in the kernel's words, for example {@code RTM_NEWLINK}
         * @param object the object it was tried on, for example {@code link cbr0}
         * @param errno the kernel's error number, positive
         * @param errnoName its symbolic name, for example {@code EEXIST}
         * @param kernelMessage the kernel's extended acknowledgement, empty where it gave none
         */
        public KernelRejected(String operation, String object, int errno, String errnoName, String kernelMessage) {
            super(
                    operation + " on " + object + " failed: " + errnoName + " (" + errno + ")"
                            + (kernelMessage.isEmpty() ? "" : ", kernel says: " + kernelMessage),
                    null);
            this.operation = operation;
            this.object = object;
            this.errno = errno;
            this.kernelMessage = kernelMessage;
        }

        /**
         * Says what was tried.
         *
         * @return the operation, in the kernel's words
         */
        public String operation() {
            return operation;
        }

        /**
         * Says on what it was tried.
         *
         * @return the object
         */
        public String object() {
            return object;
        }

        /**
         * Gives the kernel's error number.
         *
         * @return errno, positive
         */
        public int errno() {
            return errno;
        }

        /**
         * Gives the kernel's own words.
         *
         * @return the extended acknowledgement, empty where there was none
         */
        public String kernelMessage() {
            return kernelMessage;
        }

        @Override
        public boolean retryable() {
            // EAGAIN, EBUSY, ENOBUFS, EINTR: include/uapi/asm-generic/errno*.h
            return errno == 11 || errno == 16 || errno == 105 || errno == 4;
        }
    }

    /** A network plugin that is a program of its own failed; see CNI's SPEC.md, "Error". */
    public static final class PluginFailed extends PodnetException {
        private static final int TRY_AGAIN_LATER = 11;

        private final int code;

        /**
         * Creates the exception.
         *
         * @param message which plugin, what it was asked, what it answered
         * @param code CNI's code, below 100 the specification's, else the plugin's own; 0 where it gave none
         */
        public PluginFailed(String message, int code) {
            super(message, null);
            this.code = code;
        }

        /**
         * Gives the plugin's code.
         *
         * @return CNI's code; 0 where the plugin gave none
         */
        public int code() {
            return code;
        }

        @Override
        public boolean retryable() {
            return code == TRY_AGAIN_LATER;
        }
    }

    /** A bounded wait ran out, or a dump was interrupted more often than it is retried. */
    public static final class TimedOut extends PodnetException {
        /**
         * Creates the exception.
         *
         * @param message what was waited for, and how long
         */
        public TimedOut(String message) {
            super(message, null);
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** Reading or writing Podnet's own state failed. */
    public static final class StateFailure extends PodnetException {
        /**
         * Creates the exception.
         *
         * @param message which file or record, and what was tried
         * @param cause the file system's answer, or null
         */
        public StateFailure(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * A teardown went through all its steps but some failed; each failure is a suppressed exception. The record of what
     * stayed is kept, so that the next try, or the next start, finishes.
     */
    public static final class Incomplete extends PodnetException {
        /**
         * Creates the exception.
         *
         * @param message what was torn down and what stayed
         * @param failures one exception for each step that failed, at least one
         */
        public Incomplete(String message, Iterable<? extends Throwable> failures) {
            super(message, null);
            failures.forEach(this::addSuppressed);
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }
}
