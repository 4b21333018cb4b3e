package io.podnet.cni.spec;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A version of the specification, oldest first. */
public enum CniVersion {
    /** First: one address of each family, no interfaces. */
    V0_1_0("0.1.0"),
    /** Adds VERSION. */
    V0_2_0("0.2.0"),
    /** Adds chains and the list of interfaces. */
    V0_3_0("0.3.0"),
    /** Corrects a mistake in the text of 0.3.0. */
    V0_3_1("0.3.1"),
    /** Adds CHECK and the previous result on DEL. */
    V0_4_0("0.4.0"),
    /** Lists only; addresses lose their version field. */
    V1_0_0("1.0.0"),
    /** Adds GC, STATUS and {@code cniVersions}. */
    V1_1_0("1.1.0");

    /** The newest that Podnet speaks. */
    public static final CniVersion NEWEST = V1_1_0;

    private static final Pattern SEMANTIC = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9}){0,2}");

    private final String text;

    CniVersion(String text) {
        this.text = text;
    }

    /**
     * Finds a version.
     *
     * @param text as in {@code cniVersion}; empty means 0.1.0, as libcni reads it
     * @return the version
     * @throws CniException with code 1 where Podnet does not speak it
     */
    public static CniVersion of(String text) {
        if (text.isEmpty()) {
            return V0_1_0;
        }
        for (CniVersion version : values()) {
            if (version.text.equals(text)) {
                return version;
            }
        }
        throw new CniException(
                CniError.INCOMPATIBLE_VERSION,
                "CNI version '" + CniNames.shown(text) + "' is not supported",
                "supported are " + String.join(", ", supported()));
    }

    /**
     * Tells whether a text has the form of a version, of this or a later specification.
     *
     * @param text one to three numbers with dots
     * @return true where it is
     */
    public static boolean isWellFormed(String text) {
        return SEMANTIC.matcher(text).matches();
    }

    /**
     * Lists all versions.
     *
     * @return their texts, oldest first
     */
    public static List<String> supported() {
        return Arrays.stream(values()).map(CniVersion::toString).toList();
    }

    /**
     * Compares with another version.
     *
     * @param other the other
     * @return true where this is the same or newer
     */
    public boolean isAtLeast(CniVersion other) {
        return compareTo(other) >= 0;
    }

    /**
     * Writes the version.
     *
     * @return for example {@code 1.1.0}
     */
    @Override
    public String toString() {
        return text;
    }
}
