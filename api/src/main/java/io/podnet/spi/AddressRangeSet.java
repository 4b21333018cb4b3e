package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import java.util.List;

/**
 * Ranges that one address is taken from: host-local's {@code RangeSet}. Dual stack is two sets.
 *
 * @param ranges at least one, all of one family, in order of preference
 */
@API(status = API.Status.STABLE, since = "0.1")
public record AddressRangeSet(List<AddressRange> ranges) {
    public AddressRangeSet {
        ranges = List.copyOf(ranges);
        if (ranges.isEmpty()) {
            throw new PodnetException.Invalid("a range set needs a range");
        }
        if (ranges.stream().map(range -> range.subnet().family()).distinct().count() != 1) {
            throw new PodnetException.Invalid("range set " + ranges + " mixes IPv4 and IPv6; use a set for each");
        }
    }

    /**
     * Gives the family.
     *
     * @return all ranges' family
     */
    public IpFamily family() {
        return ranges.get(0).subnet().family();
    }
}
