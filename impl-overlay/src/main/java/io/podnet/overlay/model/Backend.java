package io.podnet.overlay.model;

import io.podnet.api.PodnetException;
import java.util.Arrays;
import java.util.Locale;

/** How pods of other nodes are reached. */
public enum Backend {
    /** One route for each remote subnet, through the VXLAN device, as under flannel. */
    VXLAN,
    /** One route for each remote subnet, through its node, which must be on the same link. */
    HOST_GW,
    /** As {@link #HOST_GW} for nodes on the same link, as {@link #VXLAN} for the others. */
    DIRECT_ROUTING,
    /** One route for all pods, and a permanent neighbour for each remote pod: any pod address on any node. */
    NEIGHBOUR;

    /**
     * Reads a backend.
     *
     * @param text as {@link #text} gives it
     * @return the backend
     * @throws PodnetException.Invalid where there is none of that name
     */
    public static Backend parse(String text) {
        return Arrays.stream(values())
                .filter(each -> each.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new PodnetException.Invalid("no backend is named '" + text + "'; there are "
                        + Arrays.stream(values()).map(Backend::text).toList()));
    }

    /**
     * Names the backend.
     *
     * @return for example {@code host-gw}
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Tells whether packets may be encapsulated.
     *
     * @return false for {@link #HOST_GW}
     */
    public boolean tunnels() {
        return this != HOST_GW;
    }
}
