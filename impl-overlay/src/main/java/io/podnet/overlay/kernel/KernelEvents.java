package io.podnet.overlay.kernel;

import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.route.Addresses;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.BridgeFdb;
import io.podnet.netlink.route.FdbEntry;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.Links;
import io.podnet.netlink.route.LinuxRtnetlink;
import io.podnet.netlink.route.Neighbour;
import io.podnet.netlink.route.Neighbours;
import io.podnet.netlink.route.Route;
import io.podnet.netlink.route.Routes;
import io.podnet.netlink.socket.NetlinkEvents;
import io.podnet.overlay.model.Row;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/** Says in rows what changes in the kernel. Used by one thread. */
final class KernelEvents implements NetlinkEvents.Listener {
    private final RowCodec codec;
    private final OverlayKernel.Listener listener;
    private final Predicate<String> watched;
    private final IntFunction<Optional<String>> tunnels;
    /** What counts of a watched link, so that counters and carriers of others wake nobody. */
    private final Map<String, String> known = new HashMap<>();

    KernelEvents(
            RowCodec codec,
            OverlayKernel.Listener listener,
            Predicate<String> watched,
            IntFunction<Optional<String>> tunnels) {
        this.codec = codec;
        this.listener = listener;
        this.watched = watched;
        this.tunnels = tunnels;
    }

    @Override
    public void event(MessageReader message) {
        switch (message.type()) {
            case LinuxRtnetlink.RTM_NEWLINK, LinuxRtnetlink.RTM_DELLINK ->
                Links.decode(message).ifPresent(link -> link(link, message.type() == LinuxRtnetlink.RTM_DELLINK));
            case LinuxRtnetlink.RTM_NEWADDR, LinuxRtnetlink.RTM_DELADDR ->
                Addresses.decode(message)
                        .ifPresent(each -> address(each, message.type() == LinuxRtnetlink.RTM_DELADDR));
            case LinuxRtnetlink.RTM_NEWNEIGH, LinuxRtnetlink.RTM_DELNEIGH -> {
                boolean gone = message.type() == LinuxRtnetlink.RTM_DELNEIGH;
                Neighbours.decode(message).ifPresent(each -> neighbour(each, gone));
                BridgeFdb.decode(message).ifPresent(each -> forwarding(each, gone));
            }
            case LinuxRtnetlink.RTM_NEWROUTE, LinuxRtnetlink.RTM_DELROUTE ->
                Routes.decode(message).ifPresent(each -> route(each, message.type() == LinuxRtnetlink.RTM_DELROUTE));
            case LinuxRtnetlink.RTM_DELRULE -> listener.lost();
            default -> {
                // A rule that was added takes nothing away.
            }
        }
    }

    @Override
    public void overrun() {
        listener.lost();
    }

    private void link(Link link, boolean gone) {
        if (!watched.test(link.name())) {
            return;
        }
        String now = gone
                ? "gone"
                : link.index() + " " + link.isUp() + " " + link.mtu() + " " + link.mac() + " " + link.vxlan();
        if (!now.equals(known.put(link.name(), now))) {
            listener.lost();
        }
    }

    private void address(AssignedAddress address, boolean gone) {
        // An address of the underlay too: the reconciler knows which rows are its own.
        codec.read(address).ifPresent(row -> listener.seen(row.key(), gone ? Optional.empty() : Optional.of(row)));
    }

    private void neighbour(Neighbour neighbour, boolean gone) {
        tunnels.apply(neighbour.linkIndex())
                .ifPresent(device -> listener.seen(
                        Row.Neighbour.key(device, neighbour.address()),
                        gone ? Optional.empty() : codec.read(neighbour)));
    }

    private void forwarding(FdbEntry entry, boolean gone) {
        tunnels.apply(entry.linkIndex())
                .ifPresent(device -> listener.seen(
                        new Row.Key(Row.Kind.FDB, device, entry.mac()), gone ? Optional.empty() : codec.read(entry)));
    }

    private void route(Route route, boolean gone) {
        if (route.table() != LinuxRtnetlink.RT_TABLE_LOCAL) {
            listener.seen(RowCodec.key(route), gone ? Optional.empty() : codec.read(route));
        }
    }
}
