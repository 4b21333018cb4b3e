package io.podnet.overlay.kernel;

import io.podnet.api.Cidr;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.route.Addresses;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.BridgeFdb;
import io.podnet.netlink.route.FdbEntry;
import io.podnet.netlink.route.LinuxRtnetlink;
import io.podnet.netlink.route.Neighbour;
import io.podnet.netlink.route.Neighbours;
import io.podnet.netlink.route.Route;
import io.podnet.netlink.route.RouteType;
import io.podnet.netlink.route.Routes;
import io.podnet.netlink.route.Rule;
import io.podnet.netlink.socket.NetlinkRequest;
import io.podnet.overlay.model.Row;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Rows as the kernel knows them, and back. Devices are numbers there. */
final class RowCodec {
    /** RTPROT_* of all our routes and rules; free in linux/rtnetlink.h and in iproute2's rt_protos. */
    static final int PROTOCOL = 0x70;

    private final Function<String, Optional<Integer>> indexes;
    private final IntFunction<Optional<String>> names;

    RowCodec(Function<String, Optional<Integer>> indexes, IntFunction<Optional<String>> names) {
        this.indexes = indexes;
        this.names = names;
    }

    private int index(String device) {
        return indexes.apply(device)
                .orElseThrow(() -> new PodnetException.NotFound("device " + device + " is not there"));
    }

    /** Makes the request that puts a row of rtnetlink in the place of any of its key. */
    NetlinkRequest putting(Row row) {
        if (row instanceof Row.Address address) {
            return Addresses.replacing(AssignedAddress.of(index(address.device()), whole(address.address()))
                    .withoutPrefixRoute());
        }
        if (row instanceof Row.Fdb fdb) {
            return BridgeFdb.replacing(FdbEntry.tunnel(index(fdb.device()), fdb.mac(), fdb.destination()));
        }
        if (row instanceof Row.Neighbour neighbour) {
            return Neighbours.replacing(
                    Neighbour.permanent(index(neighbour.device()), neighbour.address(), neighbour.mac()));
        }
        if (row instanceof Row.Route route) {
            return Routes.replacing(route(route));
        }
        throw new IllegalArgumentException(row + " is no row of rtnetlink");
    }

    private static InterfaceAddress whole(IpAddress address) {
        return new InterfaceAddress(address, address.family().bits());
    }

    private Route route(Row.Route row) {
        Route route = Route.to(row.destination())
                .inTable(row.table())
                .ofProtocol(PROTOCOL)
                .withMtu(row.mtu());
        if (row.gateway().isPresent()) {
            route = route.via(row.gateway().get()).withGatewayOnLink();
        }
        return switch (row.action()) {
            case FORWARD -> route.on(index(row.device()));
            case THROW -> route.ofType(RouteType.THROW);
            case UNREACHABLE -> route.ofType(RouteType.UNREACHABLE);
        };
    }

    /** Makes the request that drops a row of rtnetlink. */
    NetlinkRequest dropping(Row.Key key) {
        return switch (key.kind()) {
            case ADDRESS -> Addresses.deleting(index(key.place()), whole((IpAddress) key.id()));
            case FDB ->
                BridgeFdb.deleting(
                        new FdbEntry(index(key.place()), (MacAddress) key.id(), Optional.empty(), 0, 0, 0, 2));
            case NEIGHBOUR -> Neighbours.deleting(index(key.place()), (IpAddress) key.id());
            case ROUTE ->
                Routes.deleting(Route.to((Cidr) key.id())
                        .inTable(Integer.parseInt(key.place()))
                        .ofProtocol(PROTOCOL)
                        .ofType(RouteType.UNSPEC));
            case MEMBER, RULE -> throw new IllegalArgumentException(key + " is no row of a batch of rtnetlink");
        };
    }

    /** Tells whether a refusal to drop says that there is nothing. */
    static boolean isAbsence(int errno) {
        return errno == Errno.ENOENT.number()
                || errno == Errno.ESRCH.number()
                || errno == Errno.ENODEV.number()
                || errno == Errno.EADDRNOTAVAIL.number();
    }

    static Rule rule(Row.Rule row) {
        return Rule.toTable(row.destination().family(), row.priority(), row.table(), PROTOCOL)
                .to(row.destination());
    }

    static Optional<Row> read(Rule rule) {
        return rule.protocol() == PROTOCOL && rule.destination().isPresent()
                ? Optional.of(new Row.Rule(rule.destination().get(), rule.table(), (int) rule.priority()))
                : Optional.empty();
    }

    Optional<Row> read(AssignedAddress address) {
        IpAddress ip = address.address().address();
        return ip.isLinkLocal()
                ? Optional.empty()
                : names.apply(address.linkIndex()).map(device -> new Row.Address(device, ip));
    }

    /** Reads a neighbour; one that the kernel found by itself is nobody's row. */
    Optional<Row> read(Neighbour neighbour) {
        return neighbour.isPermanent() && neighbour.mac().isPresent()
                ? names.apply(neighbour.linkIndex())
                        .map(device -> new Row.Neighbour(
                                device, neighbour.address(), neighbour.mac().get()))
                : Optional.empty();
    }

    Optional<Row> read(FdbEntry entry) {
        return entry.isPermanent() && entry.destination().isPresent()
                ? names.apply(entry.linkIndex())
                        .map(device -> new Row.Fdb(
                                device, entry.mac(), entry.destination().get()))
                : Optional.empty();
    }

    Optional<Row> read(Route route) {
        if (route.protocol() != PROTOCOL) {
            return Optional.empty();
        }
        Row.RouteAction action = route.type() == RouteType.THROW
                ? Row.RouteAction.THROW
                : route.type() == RouteType.UNREACHABLE ? Row.RouteAction.UNREACHABLE : Row.RouteAction.FORWARD;
        boolean forwards = action == Row.RouteAction.FORWARD;
        return Optional.of(new Row.Route(
                route.table(),
                route.destination(),
                action,
                forwards ? route.gateway() : Optional.empty(),
                // IPv6 shows the loopback as the device of a route that needs none.
                forwards ? names.apply(route.linkIndex()).orElse("") : "",
                route.mtu()));
    }

    /** Gives the key of a route, whosever it is. */
    static Row.Key key(Route route) {
        int table = route.table() == 0 ? LinuxRtnetlink.RT_TABLE_MAIN : route.table();
        return new Row.Key(Row.Kind.ROUTE, Integer.toString(table), route.destination());
    }
}
