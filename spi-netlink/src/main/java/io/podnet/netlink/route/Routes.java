package io.podnet.netlink.route;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkRequest;
import java.util.List;
import java.util.Optional;

/** Routes of one network namespace. Safe for any thread. */
public final class Routes {
    private final NetlinkConversation conversation;

    Routes(NetlinkConversation conversation) {
        this.conversation = conversation;
    }

    /**
     * Adds a route.
     *
     * @param route what to add
     * @throws PodnetException.KernelRejected with EEXIST where the table has one to that destination
     */
    public void create(Route route) {
        conversation.execute(creating(route));
    }

    /**
     * Adds a route, in the place of the one with the same destination, table and metric.
     *
     * @param route what is to be there
     */
    public void replace(Route route) {
        conversation.execute(replacing(route));
    }

    /**
     * Deletes a route that has the given destination, table and whatever else is given: gateway, link, metric, protocol
     * and type match any where they are absent, 0 or UNSPEC. The scope is not looked at.
     *
     * @param route what to delete
     * @return false where there was none
     */
    public boolean delete(Route route) {
        return conversation.executeUnless(deleting(route), Errno.ESRCH, Errno.ENODEV);
    }

    /**
     * Makes a {@link #create} that can be part of a batch.
     *
     * @param route what to add
     * @return the request
     */
    public static NetlinkRequest creating(Route route) {
        return new RouteChange(
                "RTM_NEWROUTE",
                LinuxRtnetlink.RTM_NEWROUTE,
                LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_EXCL,
                route);
    }

    /**
     * Makes an addition that can be part of a batch: beside a route to the same destination over another link or gateway.
     * Of IPv4's the last that was added counts, IPv6 makes one route of several ways of them.
     *
     * @param route what to add; exactly the same route is refused with EEXIST
     * @return the request
     */
    public static NetlinkRequest adding(Route route) {
        return new RouteChange("RTM_NEWROUTE", LinuxRtnetlink.RTM_NEWROUTE, LinuxNetlink.NLM_F_CREATE, route);
    }

    /**
     * Makes a {@link #replace} that can be part of a batch.
     *
     * @param route what is to be there
     * @return the request
     */
    public static NetlinkRequest replacing(Route route) {
        return new RouteChange(
                "RTM_NEWROUTE replace",
                LinuxRtnetlink.RTM_NEWROUTE,
                LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_REPLACE,
                route);
    }

    /**
     * Makes a {@link #delete} that can be part of a batch; absence is a failure there, with ESRCH.
     *
     * @param route what to delete
     * @return the request
     */
    public static NetlinkRequest deleting(Route route) {
        return new RouteChange("RTM_DELROUTE", LinuxRtnetlink.RTM_DELROUTE, 0, route);
    }

    /**
     * Lists routes.
     *
     * @param filter which
     * @return a new list
     */
    public List<Route> list(RouteFilter filter) {
        try {
            List<Route> routes =
                    conversation.list(new Dump(filter), message -> RouteDecoder.decode(message, filter.linkIndex()));
            routes.removeIf(filter.negate());
            return routes;
        } catch (PodnetException.KernelRejected rejected) {
            // A table that has never had a route is no table to the kernel.
            if (rejected.errno() == Errno.ENOENT.number() && filter.table() != 0) {
                return List.of();
            }
            throw rejected;
        }
    }

    /**
     * Lists the routes of a family in the main table.
     *
     * @param family the family
     * @return a new list
     */
    public List<Route> list(IpFamily family) {
        return list(RouteFilter.all(family).inTable(LinuxRtnetlink.RT_TABLE_MAIN));
    }

    /**
     * Asks which way a packet to an address would take.
     *
     * @param destination where to
     * @return the route that would be used, its destination narrowed to the address; empty where there is none
     */
    public Optional<Route> lookup(IpAddress destination) {
        Optional<Optional<Route>> found =
                conversation.find(new Lookup(destination), Routes::decode, Errno.ENETUNREACH, Errno.EHOSTUNREACH);
        return found.flatMap(route -> route);
    }

    /**
     * Reads a route event.
     *
     * @param message a message
     * @return the route, or empty where the message is about none
     */
    public static Optional<Route> decode(MessageReader message) {
        return RouteDecoder.decode(message, 0);
    }

    /**
     * Asks for many.
     *
     * @param filter which
     */
    private record Dump(RouteFilter filter) implements NetlinkRequest {
        @Override
        public String operation() {
            return "RTM_GETROUTE";
        }

        @Override
        public String object() {
            return filter.family() + " routes";
        }

        @Override
        public void write(MessageWriter out) {
            out.begin(RtMsg.RTM_GETROUTE, 0)
                    .putByte(AddressFamily.of(filter.family()))
                    .putZeros(4)
                    .putByte(filter.protocol())
                    .putZeros(6);
            if (filter.table() != 0) {
                out.attrU32(RtMsg.RTA_TABLE, filter.table());
            }
            if (filter.linkIndex() != 0) {
                out.attrU32(RtMsg.RTA_OIF, filter.linkIndex());
            }
        }
    }

    /**
     * Asks for the way to one address.
     *
     * @param destination where to
     */
    private record Lookup(IpAddress destination) implements NetlinkRequest {
        @Override
        public String operation() {
            return "RTM_GETROUTE";
        }

        @Override
        public String object() {
            return "the way to " + destination;
        }

        @Override
        public void write(MessageWriter out) {
            out.begin(RtMsg.RTM_GETROUTE, 0)
                    .putByte(AddressFamily.of(destination.family()))
                    .putByte(destination.family().bits())
                    .putZeros(6)
                    // IPv6 tells the table by itself and refuses the flag.
                    .putInt(destination.family() == IpFamily.IPV4 ? RtMsg.RTM_F_LOOKUP_TABLE : 0)
                    .attrAddress(RtMsg.RTA_DST, destination);
        }
    }
}
