package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.IpAddress;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A step of what names stand for. Services and endpoints come as {@link ServiceChanges}, so that proxy and resolver are
 * fed the same values.
 *
 * @param services the services' step; where it is complete, so are the pods: what is not named goes
 * @param pods pods that are new or changed, with their addresses
 * @param removedPods pods that went
 * @param namespaces all namespaces that exist: an empty one is an empty non-terminal in DNS, an unknown one NXDOMAIN
 */
@API(status = API.Status.STABLE, since = "0.1")
public record NameChanges(
        ServiceChanges services, List<PodAddresses> pods, Set<PodId> removedPods, Set<String> namespaces) {
    public NameChanges {
        Objects.requireNonNull(services, "services");
        pods = List.copyOf(pods);
        removedPods = Set.copyOf(removedPods);
        namespaces = Set.copyOf(namespaces);
    }

    /**
     * A pod and its addresses.
     *
     * @param spec the pod
     * @param ips its addresses
     */
    public record PodAddresses(PodSpec spec, List<IpAddress> ips) {
        public PodAddresses {
            Objects.requireNonNull(spec, "spec");
            ips = List.copyOf(ips);
        }
    }
}
