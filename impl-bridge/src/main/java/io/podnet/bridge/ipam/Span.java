package io.podnet.bridge.ipam;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.spi.AddressRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A gapless run of addresses that may be handed out: what is left of a range without gateways, exclusions, network and
 * broadcast address. Of a longer run only the first 2^63-1 addresses count.
 *
 * @param range the range it is part of
 * @param first its first address
 * @param size how many addresses
 * @param blocked which of them are not free now, by distance from the first
 */
record Span(AddressRange range, IpAddress first, long size, SparseBitmap blocked) {
    private record Run(IpAddress first, IpAddress last) {}

    /** Cuts a range into spans, ascending. */
    static List<Span> of(AddressRange range, Collection<IpAddress> gateways) {
        List<Run> runs = List.of(new Run(range.rangeStart(), range.rangeEnd()));
        for (IpAddress gateway : gateways) {
            runs = without(runs, gateway, gateway);
        }
        for (Cidr exclusion : range.exclusions()) {
            runs = without(runs, exclusion.network(), exclusion.last());
        }
        IpAddress network = range.subnet().network();
        runs = without(runs, network, network);
        if (network.family() == IpFamily.IPV4) {
            runs = without(runs, range.subnet().last(), range.subnet().last());
        }
        return runs.stream()
                .map(run -> new Span(range, run.first(), size(run), new SparseBitmap()))
                .toList();
    }

    private static long size(Run run) {
        long distance = run.last().minus(run.first());
        return distance == Long.MAX_VALUE ? distance : distance + 1;
    }

    private static List<Run> without(List<Run> runs, IpAddress from, IpAddress to) {
        List<Run> left = new ArrayList<>();
        for (Run run : runs) {
            boolean apart = run.first().family() != from.family()
                    || to.compareTo(run.first()) < 0
                    || from.compareTo(run.last()) > 0;
            if (apart) {
                left.add(run);
                continue;
            }
            if (from.compareTo(run.first()) > 0) {
                left.add(new Run(run.first(), before(from)));
            }
            if (to.compareTo(run.last()) < 0) {
                left.add(new Run(to.plus(1), run.last()));
            }
        }
        return left;
    }

    private static IpAddress before(IpAddress address) {
        long high = address.low() == 0 ? address.high() - 1 : address.high();
        return new IpAddress(address.family(), high, address.low() - 1);
    }

    boolean contains(IpAddress address) {
        return address.family() == first.family() && address.compareTo(first) >= 0 && offset(address) < size;
    }

    long offset(IpAddress address) {
        return address.minus(first);
    }
}
