package io.podnet.netlink.nftables;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Networks as elements of a set of ranges. The kernel refuses ranges that overlap, so they are joined first. */
public final class CidrRanges {
    private CidrRanges() {}

    /**
     * Makes the elements.
     *
     * @param networks any, overlapping or not; those of the other family are left out
     * @param family the set's family
     * @return a start for each range, and an end unless the range reaches to the last address
     */
    public static List<SetElement> of(Collection<Cidr> networks, IpFamily family) {
        List<Cidr> sorted = networks.stream()
                .filter(network -> network.family() == family)
                .sorted(Comparator.comparing(Cidr::network))
                .toList();
        List<SetElement> elements = new ArrayList<>();
        for (int i = 0; i < sorted.size(); ) {
            IpAddress first = sorted.get(i).network();
            IpAddress last = sorted.get(i).last();
            for (i++; i < sorted.size() && touches(last, sorted.get(i).network()); i++) {
                IpAddress other = sorted.get(i).last();
                last = other.compareTo(last) > 0 ? other : last;
            }
            elements.add(SetElement.of(RegisterData.of(first), ""));
            IpAddress behind = last.plus(1);
            if (!behind.isUnspecified()) {
                elements.add(SetElement.rangeEnd(RegisterData.of(behind)));
            }
        }
        return elements;
    }

    private static boolean touches(IpAddress last, IpAddress next) {
        IpAddress behind = last.plus(1);
        return behind.isUnspecified() || next.compareTo(behind) <= 0;
    }
}
