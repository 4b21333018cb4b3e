package io.podnet.netlink.route;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import java.util.Optional;

/**
 * A route with at most one next hop. Start with {@link #to} or {@link #defaultRoute} and change copies.
 *
 * @param destination the network that it leads to; 0.0.0.0/0 or ::/0 for the default route
 * @param gateway the next router; empty where the destination is on the link. Of the destination's family
 * @param linkIndex interface index that packets leave by, 0 where none is given
 * @param onLink whether the gateway counts as on the link although no route says so
 * @param table routing table, 254 is the main one
 * @param protocol RTPROT_*, who made it; 0 in a delete matches any
 * @param scope RT_SCOPE_*; IPv6 knows only the universe
 * @param type what it does with packets
 * @param preferredSource source address of packets that this host sends by it
 * @param metric priority, lower wins; 0 for the kernel's default: none for IPv4, 1024 for IPv6
 * @param mtu MTU of the path, 0 for the link's
 */
public record Route(
        Cidr destination,
        Optional<IpAddress> gateway,
        int linkIndex,
        boolean onLink,
        int table,
        int protocol,
        int scope,
        RouteType type,
        Optional<IpAddress> preferredSource,
        long metric,
        int mtu) {
    /** Checks that the families agree and the metric has 32 bits. */
    public Route {
        requireFamily(destination, gateway);
        requireFamily(destination, preferredSource);
        if (metric < 0 || metric > 0xffff_ffffL) {
            throw new PodnetException.Invalid("route metric " + metric + " is not in 0..4294967295");
        }
    }

    private static void requireFamily(Cidr destination, Optional<IpAddress> address) {
        if (address.isPresent() && address.get().family() != destination.family()) {
            throw new PodnetException.Invalid("a route to " + destination + " can not use " + address.get());
        }
    }

    /**
     * Makes a unicast route in the main table, of protocol RTPROT_BOOT, without next hop yet.
     *
     * @param destination the network that it leads to
     * @return the route
     */
    public static Route to(Cidr destination) {
        return new Route(
                destination,
                Optional.empty(),
                0,
                false,
                LinuxRtnetlink.RT_TABLE_MAIN,
                LinuxRtnetlink.RTPROT_BOOT,
                destination.family() == IpFamily.IPV4 ? LinuxRtnetlink.RT_SCOPE_LINK : LinuxRtnetlink.RT_SCOPE_UNIVERSE,
                RouteType.UNICAST,
                Optional.empty(),
                0,
                0);
    }

    /**
     * Makes a default route, as {@link #to} does.
     *
     * @param family which default route
     * @return the route
     */
    public static Route defaultRoute(IpFamily family) {
        return to(new Cidr(new IpAddress(family, 0, 0), 0));
    }

    /**
     * Sends by a gateway, which makes the scope the universe.
     *
     * @param value the next router
     * @return a changed copy
     */
    public Route via(IpAddress value) {
        return new Route(
                destination,
                Optional.of(value),
                linkIndex,
                onLink,
                table,
                protocol,
                LinuxRtnetlink.RT_SCOPE_UNIVERSE,
                type,
                preferredSource,
                metric,
                mtu);
    }

    /**
     * Sends by a link.
     *
     * @param index interface index
     * @return a changed copy
     */
    public Route on(int index) {
        return new Route(
                destination, gateway, index, onLink, table, protocol, scope, type, preferredSource, metric, mtu);
    }

    /**
     * Takes the gateway for on the link although no route says so.
     *
     * @return a changed copy
     */
    public Route withGatewayOnLink() {
        return new Route(
                destination, gateway, linkIndex, true, table, protocol, scope, type, preferredSource, metric, mtu);
    }

    /**
     * Puts the route into a table.
     *
     * @param value table number, positive
     * @return a changed copy
     */
    public Route inTable(int value) {
        return new Route(
                destination, gateway, linkIndex, onLink, value, protocol, scope, type, preferredSource, metric, mtu);
    }

    /**
     * Marks whose the route is.
     *
     * @param value RTPROT_*, 0 to 255
     * @return a changed copy
     */
    public Route ofProtocol(int value) {
        return new Route(
                destination, gateway, linkIndex, onLink, table, value, scope, type, preferredSource, metric, mtu);
    }

    /**
     * Sets how far the destination is.
     *
     * @param value RT_SCOPE_*
     * @return a changed copy
     */
    public Route ofScope(int value) {
        return new Route(
                destination, gateway, linkIndex, onLink, table, protocol, value, type, preferredSource, metric, mtu);
    }

    /**
     * Sets what the route does with packets.
     *
     * @param value type
     * @return a changed copy
     */
    public Route ofType(RouteType value) {
        int newScope = value == RouteType.UNICAST ? scope : LinuxRtnetlink.RT_SCOPE_UNIVERSE;
        return new Route(
                destination,
                gateway,
                linkIndex,
                onLink,
                table,
                protocol,
                newScope,
                value,
                preferredSource,
                metric,
                mtu);
    }

    /**
     * Sets the source address of packets that this host sends by the route.
     *
     * @param value an address of this host
     * @return a changed copy
     */
    public Route from(IpAddress value) {
        return new Route(
                destination, gateway, linkIndex, onLink, table, protocol, scope, type, Optional.of(value), metric, mtu);
    }

    /**
     * Sets the priority.
     *
     * @param value lower wins, 0 to 2^32-1
     * @return a changed copy
     */
    public Route withMetric(long value) {
        return new Route(
                destination, gateway, linkIndex, onLink, table, protocol, scope, type, preferredSource, value, mtu);
    }

    /**
     * Sets the MTU of the path.
     *
     * @param value bytes, 0 for the link's
     * @return a changed copy
     */
    public Route withMtu(int value) {
        return new Route(
                destination, gateway, linkIndex, onLink, table, protocol, scope, type, preferredSource, metric, value);
    }
}
