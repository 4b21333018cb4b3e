package io.podnet.bridge.firewall;

import io.podnet.api.AttachmentId;
import io.podnet.api.HostPort;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.api.Names;
import io.podnet.api.PodnetException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A pod as the packet filter sees it. All that was set up for it can be taken down by this record alone.
 *
 * @param attachment who owns what is set up
 * @param hostInterface the pod's port on the bridge; must belong to no other attachment at any time
 * @param mac the address inside the pod
 * @param addresses the pod's addresses; the first of each family is what host ports lead to
 * @param hostPorts ports of the node that lead to the pod
 */
public record PodPort(
        AttachmentId attachment,
        String hostInterface,
        MacAddress mac,
        List<IpAddress> addresses,
        List<HostPort> hostPorts) {

    public PodPort {
        Objects.requireNonNull(attachment, "attachment");
        Names.interfaceName(hostInterface);
        Objects.requireNonNull(mac, "mac");
        addresses = List.copyOf(addresses);
        hostPorts = List.copyOf(hostPorts);
        for (int i = 0; i < hostPorts.size(); i++) {
            HostPort one = hostPorts.get(i);
            for (HostPort other : hostPorts.subList(0, i)) {
                if (one.conflictsWith(other)) {
                    throw new PodnetException.Invalid("host ports " + other + " and " + one + " of " + attachment
                            + " catch the same packets; a node's port can lead to one place only");
                }
            }
        }
    }

    /**
     * Finds the address that host ports of a family lead to.
     *
     * @param family the family
     * @return the first address of the family
     */
    Optional<IpAddress> address(IpFamily family) {
        return addresses.stream().filter(address -> address.family() == family).findFirst();
    }

    static boolean anyHostPort(Collection<PodPort> pods) {
        return pods.stream().anyMatch(pod -> !pod.hostPorts.isEmpty());
    }
}
