package io.podnet.services.conntrack;

import io.podnet.services.Backend;
import java.util.Objects;

/**
 * What tells whether a tracked UDP flow is still right.
 *
 * @param destination where its first packet was sent: original destination
 * @param translated where that packet went: source of the replies; equal to {@code destination} where the destination was
 *     not translated
 * @param zone the tracking zone of the original direction, 0 to 65535
 */
public record TrackedFlow(Backend destination, Backend translated, int zone) {
    public TrackedFlow {
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(translated, "translated");
    }
}
