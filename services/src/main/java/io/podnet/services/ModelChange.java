package io.podnet.services;

import io.podnet.api.IpFamily;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a step did to the model. The model itself does not remember which changes a kernel has: an emitter adds the
 * names to a set of its own, and takes them out when the kernel acknowledged them.
 *
 * @param ports service ports that are not what they were, in order of name and family
 * @param healthChanged whether {@link ServiceModel#health} differs
 * @param refused addresses that are refused now and were not before
 * @param lostClaims destinations that are lost now and were not before
 * @param noEndpoints service ports that had a usable endpoint before, are still there, and have none in any family
 */
public record ModelChange(
        List<PortChange> ports,
        boolean healthChanged,
        List<RefusedAddress> refused,
        List<LostClaim> lostClaims,
        List<ServicePortName> noEndpoints) {
    public ModelChange {
        ports = List.copyOf(ports);
        refused = List.copyOf(refused);
        lostClaims = List.copyOf(lostClaims);
        noEndpoints = List.copyOf(noEndpoints);
    }

    /**
     * Gives the changes of a family, which an emitter writes on its own.
     *
     * @param family the family
     * @return its changes, in order of name
     */
    public Stream<PortChange> ports(IpFamily family) {
        return ports.stream().filter(change -> change.family() == family);
    }
}
