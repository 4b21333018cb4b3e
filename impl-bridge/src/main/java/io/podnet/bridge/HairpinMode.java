package io.podnet.bridge;

import io.podnet.api.PodnetException;

/**
 * How a pod reaches itself through a service or a host port: kubelet's {@code --hairpin-mode}
 * (pkg/kubelet/apis/config/types.go, HairpinMode).
 */
public enum HairpinMode {
    /** Each port may send a frame back where it came from: the bridge port's hairpin flag. */
    HAIRPIN_VETH("hairpin-veth"),
    /** The bridge is promiscuous and takes the frame up itself; duplicates are dropped by rule. */
    PROMISCUOUS_BRIDGE("promiscuous-bridge"),
    /** Not at all. */
    NONE("none");

    private final String text;

    HairpinMode(String text) {
        this.text = text;
    }

    /**
     * Reads kubelet's spelling.
     *
     * @param text {@code hairpin-veth}, {@code promiscuous-bridge} or {@code none}
     * @return the mode
     * @throws PodnetException.Invalid for any other text
     */
    public static HairpinMode parse(String text) {
        for (HairpinMode mode : values()) {
            if (mode.text.equals(text)) {
                return mode;
            }
        }
        throw new PodnetException.Invalid(
                "hairpinMode '" + text + "' is not one of hairpin-veth, promiscuous-bridge, none");
    }

    /**
     * Gives kubelet's spelling.
     *
     * @return the text that {@link #parse} reads
     */
    public String text() {
        return text;
    }
}
