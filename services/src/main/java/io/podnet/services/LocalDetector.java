package io.podnet.services;

import io.podnet.api.Cidr;
import io.podnet.api.IpFamily;
import io.podnet.api.Names;
import io.podnet.api.Packet;
import io.podnet.api.PodnetException;
import java.util.List;

/**
 * How a packet of one of this node's pods is told from others: kube-proxy's {@code --detect-local-mode}. Traffic to a
 * cluster IP that is not local gets the node's address as its source; local traffic to an external address under a
 * Local policy takes the short way.
 */
public sealed interface LocalDetector {
    /**
     * Tells whether the detector can decide at all. Where it cannot, no packet is local and none is masqueraded for
     * being foreign.
     *
     * @param family the packets' family
     * @return true where {@link #isLocal} means something
     */
    boolean covers(IpFamily family);

    /**
     * Decides for a packet.
     *
     * @param packet the first packet of a flow
     * @return true where a local pod sent it; false too where the detector does not cover its family
     */
    boolean isLocal(Packet packet);

    /**
     * Pods' sources: kube-proxy's ClusterCIDR and NodeCIDR.
     *
     * @param cidrs networks of pods; a packet is local with a source in any of its family's
     */
    record SourceCidrs(List<Cidr> cidrs) implements LocalDetector {
        public SourceCidrs {
            cidrs = List.copyOf(cidrs);
        }

        @Override
        public boolean covers(IpFamily family) {
            return cidrs.stream().anyMatch(cidr -> cidr.family() == family);
        }

        @Override
        public boolean isLocal(Packet packet) {
            return cidrs.stream().anyMatch(cidr -> cidr.contains(packet.source()));
        }
    }

    /**
     * Pods' bridge: kube-proxy's BridgeInterface. What a process on the node sends arrives by no interface and is not
     * local.
     *
     * @param name the bridge
     */
    record BridgeInterface(String name) implements LocalDetector {
        public BridgeInterface {
            Names.interfaceName(name);
        }

        @Override
        public boolean covers(IpFamily family) {
            return true;
        }

        @Override
        public boolean isLocal(Packet packet) {
            return packet.inInterface().filter(name::equals).isPresent();
        }
    }

    /**
     * Pods' interfaces by their names' start: kube-proxy's InterfaceNamePrefix.
     *
     * @param prefix 1 to 14 characters
     */
    record InterfaceNamePrefix(String prefix) implements LocalDetector {
        public InterfaceNamePrefix {
            Names.interfaceName(prefix);
            if (prefix.length() > 14 || prefix.endsWith("+")) {
                throw new PodnetException.Invalid(
                        "interface prefix '" + prefix + "' has more than 14 characters or a pattern's sign at its end");
            }
        }

        @Override
        public boolean covers(IpFamily family) {
            return true;
        }

        @Override
        public boolean isLocal(Packet packet) {
            return packet.inInterface().filter(name -> name.startsWith(prefix)).isPresent();
        }
    }

    /** Nobody is local, and nobody foreign. */
    record None() implements LocalDetector {
        @Override
        public boolean covers(IpFamily family) {
            return false;
        }

        @Override
        public boolean isLocal(Packet packet) {
            return false;
        }
    }
}
