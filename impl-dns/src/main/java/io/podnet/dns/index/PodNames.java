package io.podnet.dns.index;

import io.podnet.api.PodnetException;
import java.util.Locale;

/** Which names of pods by address exist: CoreDNS' option {@code pods}. */
public enum PodNames {
    /** None. */
    DISABLED,
    /** Any address in a namespace that exists: whoever asks chooses the answer. */
    INSECURE,
    /** Addresses that a pod of the namespace has. */
    VERIFIED;

    /**
     * Reads an option.
     *
     * @param text {@code disabled}, {@code insecure} or {@code verified}
     * @return the value
     * @throws PodnetException.Invalid for any other text
     */
    public static PodNames parse(String text) {
        for (PodNames value : values()) {
            if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
                return value;
            }
        }
        throw new PodnetException.Invalid("pods '" + text + "' is not one of disabled, insecure, verified");
    }
}
