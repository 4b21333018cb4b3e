package io.podnet.cluster;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.PodId;
import io.podnet.endpoints.SelectedService;
import io.podnet.spi.ServiceChanges.SliceId;
import java.util.List;

/**
 * What is new in the cluster, for a node. Its own slices and pods are not in it.
 *
 * @param present what is new or changed
 * @param removed what went, as it was last known
 */
public record ViewStep(List<Item> present, List<Item> removed) {
    public ViewStep {
        present = List.copyOf(present);
        removed = List.copyOf(removed);
    }

    /** What may be in the cluster. */
    public sealed interface Item {}

    /**
     * A service.
     *
     * @param selected the service
     */
    public record OfService(SelectedService selected) implements Item {}

    /**
     * A slice of another node, or one that was made by hand.
     *
     * @param slice the slice
     */
    public record OfSlice(EndpointSlice slice) implements Item {
        /**
         * Names the slice.
         *
         * @return its service and its name
         */
        public SliceId id() {
            return new SliceId(slice.service(), slice.name());
        }
    }

    /**
     * A pod of another node.
     *
     * @param node the node
     * @param pod the pod
     * @param ips its addresses
     */
    public record OfPod(String node, PodId pod, List<IpAddress> ips) implements Item {
        public OfPod {
            ips = List.copyOf(ips);
        }
    }
}
