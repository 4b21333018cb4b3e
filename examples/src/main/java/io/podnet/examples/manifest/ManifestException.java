package io.podnet.examples.manifest;

/** A text that is no manifest: what is wrong, in which line. */
public final class ManifestException extends RuntimeException {
    private final int line;

    /**
     * Creates the exception.
     *
     * @param line the line, from 1
     * @param message what is wrong and what would be right, without the line
     */
    public ManifestException(int line, String message) {
        super(message);
        this.line = line;
    }

    ManifestException(int line, String message, Throwable cause) {
        super(message, cause);
        this.line = line;
    }

    /**
     * Tells where.
     *
     * @return the line, from 1
     */
    public int line() {
        return line;
    }

    String at(String file) {
        return file + ":" + line + ": " + getMessage();
    }
}
