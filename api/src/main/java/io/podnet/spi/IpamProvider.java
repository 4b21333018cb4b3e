package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.Names;
import io.podnet.api.PodnetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Finds an {@link Ipam} by name. */
@API(status = API.Status.STABLE, since = "0.1")
public interface IpamProvider extends Provider {
    /**
     * What an Ipam may know.
     *
     * @param network the network's name, a CNI network name
     * @param ranges range sets: an attachment gets one address of each set; a set's ranges are of one family
     * @param stateDirectory a directory for the Ipam's files, mode 0700
     * @param options provider-specific settings by name; unknown ones are refused
     * @param cluster what the nodes share, empty where the node stands alone
     */
    record Context(
            String network,
            List<AddressRangeSet> ranges,
            Path stateDirectory,
            Map<String, String> options,
            Optional<Membership> cluster) {
        public Context {
            Objects.requireNonNull(cluster, "cluster");
            Names.cniId("network", network);
            Objects.requireNonNull(stateDirectory, "stateDirectory");
            ranges = List.copyOf(ranges);
            options = Map.copyOf(options);
            List<AddressRange> all =
                    ranges.stream().flatMap(set -> set.ranges().stream()).toList();
            for (int i = 0; i < all.size(); i++) {
                for (int j = 0; j < i; j++) {
                    if (all.get(i).overlaps(all.get(j))) {
                        throw new PodnetException.Invalid(
                                "address ranges " + all.get(j) + " and " + all.get(i) + " overlap");
                    }
                }
            }
        }

        /**
         * Makes a context of a node that stands alone.
         *
         * @param network the network's name
         * @param ranges range sets
         * @param stateDirectory a directory for the Ipam's files
         * @param options provider-specific settings
         */
        public Context(String network, List<AddressRangeSet> ranges, Path stateDirectory, Map<String, String> options) {
            this(network, ranges, stateDirectory, options, Optional.empty());
        }
    }

    /**
     * A node of a cluster.
     *
     * @param nodeName the node's name, unique in the cluster
     * @param store what the nodes share; the Ipam does not close it
     */
    record Membership(String nodeName, ClusterStore store) {
        public Membership {
            Names.dnsSubdomain("node name", nodeName);
            Objects.requireNonNull(store, "store");
        }
    }

    /**
     * Makes an Ipam, and frees what an earlier boot or a crashed reservation left.
     *
     * @param context everything the Ipam may know
     * @return an Ipam
     * @throws PodnetException where the state is unusable
     */
    Ipam create(Context context);
}
