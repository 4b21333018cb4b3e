package io.podnet.bridge.ipam;

import io.podnet.api.Condition;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.Ipam;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The configured ranges, and what follows from them without any state.
 *
 * @param network the network's name
 * @param sets the range sets in the order of the configuration, which names host-local's last_reserved_ip files
 */
record Ranges(String network, List<AddressRangeSet> sets) {
    /** Makes empty pools, one for each set. */
    List<Pool> pools() {
        List<IpAddress> gateways = sets.stream()
                .flatMap(set -> set.ranges().stream())
                .flatMap(range -> range.gateway().stream())
                .toList();
        List<Pool> pools = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            pools.add(new Pool(network, i, sets.get(i), gateways));
        }
        return pools;
    }

    /** Says that there is nothing to hand out. */
    Ipam.Fill noFill() {
        return new Ipam.Fill(
                new Condition(Condition.Code.NOT_READY, "NoRanges", "network " + network + " has no address range"),
                0,
                0,
                0);
    }

    /** Describes addresses, IPv4 first. One that is in no range any more gets a host prefix and no gateway. */
    List<Ipam.Assignment> assignments(List<IpAddress> addresses) {
        return addresses.stream()
                .sorted(Comparator.naturalOrder())
                .map(this::assignment)
                .toList();
    }

    private Ipam.Assignment assignment(IpAddress address) {
        return sets.stream()
                .flatMap(set -> set.ranges().stream())
                .filter(range -> Pool.covers(range, address))
                .findFirst()
                .map(range -> new Ipam.Assignment(
                        new InterfaceAddress(address, range.subnet().prefixLength()), range.gateway()))
                .orElseGet(() -> new Ipam.Assignment(
                        new InterfaceAddress(address, address.family().bits()), Optional.empty()));
    }

    /** Checks requested addresses against the configuration alone. */
    void check(List<IpAddress> requested) {
        List<Pool> pools = pools();
        Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
        for (IpAddress address : requested) {
            if (!families.add(address.family())) {
                throw new PodnetException.Invalid(
                        "requested addresses " + requested + " have two of one family; request at most one");
            }
            Pool pool = pools.stream()
                    .filter(candidate -> candidate.rangeOf(address).isPresent())
                    .findFirst()
                    .orElseThrow(() -> new PodnetException.Invalid("requested address " + address
                            + " is in no range of network " + network + ": "
                            + sets.stream().map(AddressRangeSet::ranges).toList()));
            if (!pool.handsOut(address)) {
                throw new PodnetException.Invalid("requested address " + address + " of network " + network
                        + " is a gateway, excluded, or its subnet's network or broadcast address");
            }
        }
    }
}
