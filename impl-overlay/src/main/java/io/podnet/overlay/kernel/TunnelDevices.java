package io.podnet.overlay.kernel;

import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.netlink.ethtool.ReceiveOffload;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.route.Addresses;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.Links;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.route.Vxlan;
import io.podnet.netlink.sysctl.InterfaceSysctls;
import io.podnet.overlay.model.Tunnel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The VXLAN devices, known by name and alias. */
final class TunnelDevices {
    private static final int LOOSE = 2;

    private static final String VETH = "veth";

    private final Links links;
    private final Addresses addresses;
    private final InterfaceSysctls sysctls;
    private final ReceiveOffload offload;
    private final String alias;
    /** Read by the thread that hears of changes. */
    private final Map<String, Integer> indexes = new ConcurrentHashMap<>();

    TunnelDevices(RouteNetlink route, InterfaceSysctls sysctls, ReceiveOffload offload, String network) {
        this.links = route.links();
        this.addresses = route.addresses();
        this.sysctls = sysctls;
        this.offload = offload;
        this.alias = "podnet overlay " + network;
    }

    Optional<Integer> index(String device) {
        return Optional.ofNullable(indexes.get(device));
    }

    Optional<String> device(int index) {
        return indexes.entrySet().stream()
                .filter(each -> each.getValue() == index)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    List<String> names() {
        return List.copyOf(indexes.keySet());
    }

    /** Brings one device to what it should be; gives what had to be done. */
    List<String> ensure(Tunnel tunnel) {
        List<String> done = new ArrayList<>();
        Optional<Link> present = links.find(tunnel.device());
        present.ifPresent(this::requireOurs);
        if (present.isPresent() && !present.get().vxlan().equals(Optional.of(kind(tunnel)))) {
            links.delete(present.get().index());
            present = Optional.empty();
            done.add("device " + tunnel.device() + " had other settings");
        }
        if (present.isEmpty()) {
            make(tunnel);
            done.add("device " + tunnel.device() + " was made");
        }
        Link link = present.orElseGet(() -> links.get(tunnel.device()));
        LinkAttributes attributes = LinkAttributes.none();
        boolean sound = link.isUp();
        if (!link.mac().equals(Optional.of(tunnel.mac()))) {
            attributes.mac(tunnel.mac());
            sound = false;
        }
        if (link.mtu() != tunnel.mtu()) {
            attributes.mtu(tunnel.mtu());
            sound = false;
        }
        if (!sound) {
            links.change(link.index(), attributes.up());
            if (present.isPresent()) {
                done.add("device " + tunnel.device() + " was set right");
            }
        }
        indexes.put(tunnel.device(), link.index());
        return done;
    }

    private static Vxlan kind(Tunnel tunnel) {
        return new Vxlan(tunnel.vni(), tunnel.port(), Optional.of(tunnel.local()), 0, false).withoutUdpChecksums();
    }

    private void requireOurs(Link link) {
        if (!link.alias().equals(alias)) {
            throw new PodnetException.Conflict("link " + link.name() + " exists and is not of this overlay"
                    + (link.alias().isEmpty() ? "" : " but '" + link.alias() + "'")
                    + "; set the option 'device' to another prefix, or remove the link");
        }
    }

    private void make(Tunnel tunnel) {
        try {
            links.create(
                    kind(tunnel),
                    LinkAttributes.named(tunnel.device())
                            .mac(tunnel.mac())
                            .mtu(tunnel.mtu())
                            .alias(alias)
                            .noAddressGeneration());
        } catch (PodnetException.KernelRejected rejected) {
            if (rejected.errno() != Errno.EEXIST.number()) {
                throw rejected;
            }
            throw clash(tunnel, rejected);
        }
        // Packets of relays and of nodes that answer by another way would not pass a strict check of the way back, and
        // the
        // stricter of this and "all" counts. A loose one looks each packet's sender up, and finds little among peers.
        boolean checked = sysctls.read(IpFamily.IPV4, "all", "rp_filter").orElse(0) != 0;
        sysctls.write(IpFamily.IPV4, tunnel.device(), "rp_filter", checked ? LOOSE : 0);
        sysctls.write(IpFamily.IPV4, tunnel.device(), "send_redirects", 0);
        sysctls.write(IpFamily.IPV6, tunnel.device(), "accept_ra", 0);
        sysctls.write(IpFamily.IPV6, tunnel.device(), "keep_addr_on_down", 1);
        if (comesMerged(tunnel)) {
            offload.set(tunnel.device(), false);
        }
    }

    /**
     * Tells whether packets are merged before they come to the tunnel: a link that merges looks into VXLAN
     * (vxlan_gro_receive, drivers/net/vxlan), and by a veth they come as they were sent. Then the tunnel's own attempt costs each
     * packet another turn through a queue (gro_cells) and finds nothing. Only where a device is made: who turns it on keeps it.
     */
    private boolean comesMerged(Tunnel tunnel) {
        return addresses.list().stream()
                .filter(each -> each.address().address().equals(tunnel.local()))
                .flatMap(each -> links.find(each.linkIndex()).stream())
                .anyMatch(link -> link.kind().equals(VETH) || offload.isOn(link.name()));
    }

    private PodnetException clash(Tunnel tunnel, PodnetException rejected) {
        String owner = links.list().stream()
                .filter(link -> link.vxlan()
                        .filter(other -> other.id() == tunnel.vni() && other.port() == tunnel.port())
                        .isPresent())
                .map(link -> "link " + link.name() + (link.alias().isEmpty() ? "" : " ('" + link.alias() + "')"))
                .findFirst()
                .orElse("a link that is not to be seen, perhaps in another namespace");
        PodnetException.Conflict conflict = new PodnetException.Conflict("VNI " + tunnel.vni() + " on UDP port "
                + tunnel.port() + " belongs to " + owner + "; set the option 'vni' or 'port' to another value");
        conflict.addSuppressed(rejected);
        return conflict;
    }

    /** Removes devices of this overlay that should not be, or all. */
    List<String> removeOthers(List<Tunnel> wanted) {
        List<String> removed = new ArrayList<>();
        for (Link link : links.list()) {
            boolean keep = wanted.stream().anyMatch(tunnel -> tunnel.device().equals(link.name()));
            if (link.alias().equals(alias) && !keep) {
                links.delete(link.index());
                indexes.remove(link.name());
                removed.add("device " + link.name() + " was removed");
            }
        }
        return removed;
    }
}
