package io.podnet.cni.spec;

import java.io.Serial;

/** A failure that has a code of the specification. Immutable; safe to share between threads. */
public final class CniException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient CniError error;

    /**
     * Creates the exception.
     *
     * @param code the specification's code
     * @param message what happened
     * @param details more of it, may be empty
     */
    public CniException(int code, String message, String details) {
        this(new CniError(code, message, details));
    }

    /**
     * Creates the exception of an error.
     *
     * @param error the error
     */
    public CniException(CniError error) {
        super(error.toString());
        this.error = error;
    }

    /**
     * Creates the exception with what led to it.
     *
     * @param error the error
     * @param cause what led to it
     */
    public CniException(CniError error, Throwable cause) {
        super(error.toString(), cause);
        this.error = error;
    }

    /**
     * Gives the error.
     *
     * @return the error
     */
    public CniError error() {
        return error;
    }

    /**
     * Gives the code.
     *
     * @return the specification's code
     */
    public int code() {
        return error.code();
    }
}
