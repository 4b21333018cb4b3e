package io.podnet.netlink.route;

import io.podnet.api.IpFamily;
import java.util.function.Predicate;

/**
 * Which routes to list. The kernel filters too, so that a large table costs little.
 *
 * @param family the family
 * @param table routing table, 0 for all
 * @param protocol RTPROT_*, 0 for all
 * @param linkIndex interface index, 0 for all
 */
public record RouteFilter(IpFamily family, int table, int protocol, int linkIndex) implements Predicate<Route> {
    /**
     * Chooses all routes of a family, in all tables.
     *
     * @param family the family
     * @return the filter
     */
    public static RouteFilter all(IpFamily family) {
        return new RouteFilter(family, 0, 0, 0);
    }

    /**
     * Chooses the routes that one program made, in all tables.
     *
     * @param family the family
     * @param protocol RTPROT_*
     * @return the filter
     */
    public static RouteFilter ofProtocol(IpFamily family, int protocol) {
        return new RouteFilter(family, 0, protocol, 0);
    }

    /**
     * Narrows to one table.
     *
     * @param value routing table
     * @return a changed copy
     */
    public RouteFilter inTable(int value) {
        return new RouteFilter(family, value, protocol, linkIndex);
    }

    /**
     * Narrows to one link.
     *
     * @param index interface index
     * @return a changed copy
     */
    public RouteFilter on(int index) {
        return new RouteFilter(family, table, protocol, index);
    }

    @Override
    public boolean test(Route route) {
        return route.destination().family() == family
                && (table == 0 || route.table() == table)
                && (protocol == 0 || route.protocol() == protocol)
                && (linkIndex == 0 || route.linkIndex() == linkIndex);
    }
}
