package io.podnet.dns.server;

import io.podnet.api.PodId;
import java.util.List;
import java.util.Objects;

/**
 * What the server knows of a pod that asks: exact, since each pod has a socket of its own.
 *
 * @param pod the pod
 * @param searches the search list of its resolv.conf, in order, as {@code WireName} makes names
 * @param ndots from how many dots on its resolver tries a name as it is first
 */
public record PodView(PodId pod, List<byte[]> searches, int ndots) {
    public PodView {
        Objects.requireNonNull(pod, "pod");
        searches = List.copyOf(searches);
    }
}
