package io.podnet.overlay.model;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.overlay.node.NodeRecord;
import io.podnet.overlay.node.TunnelEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one peer's record leads to, whatever the others are. A record is somebody else's word: what lies outside the pod network,
 * or on this node, is not followed.
 *
 * @param paths one for each family of the pod network
 * @param rows in no order
 */
record PeerRows(List<PeerPath> paths, List<Row> rows) {
    private static final int MAIN = 254;

    static PeerRows of(OwnNode own, NodeRecord peer, NetworkSettings settings) {
        return new Maker(own, peer, settings).make();
    }

    private static final class Maker {
        private final OwnNode own;
        private final NodeRecord peer;
        private final NetworkSettings settings;
        private final List<PeerPath> paths = new ArrayList<>();
        private final List<Row> rows = new ArrayList<>();

        Maker(OwnNode own, NodeRecord peer, NetworkSettings settings) {
            this.own = own;
            this.peer = peer;
            this.settings = settings;
        }

        PeerRows make() {
            List<IpFamily> families =
                    settings.clusterCidrs().stream().map(Cidr::family).toList();
            Optional<String> refused = refused();
            if (refused.isPresent()) {
                families.forEach(family -> none(family, refused.get()));
                return new PeerRows(paths, rows);
            }
            if (settings.backend().tunnels()) {
                peer.endpoints().stream()
                        .filter(each -> own.underlay(each.underlay().family()).isPresent())
                        .forEach(this::tunnelTo);
            }
            families.forEach(this::path);
            return new PeerRows(paths, rows);
        }

        private Optional<String> refused() {
            if (settings.backend().tunnels() && (peer.vni() != settings.vni() || peer.port() != settings.port())) {
                return Optional.of("it has VNI " + peer.vni() + " on port " + peer.port() + ", this node has VNI "
                        + settings.vni() + " on port " + settings.port());
            }
            for (TunnelEndpoint endpoint : peer.endpoints()) {
                IpAddress underlay = endpoint.underlay();
                boolean mine = own.underlays().stream()
                        .anyMatch(each -> each.address().address().equals(underlay));
                if (mine) {
                    return Optional.of("its underlay address " + underlay + " is this node's");
                }
                if (settings.inPodNetwork(underlay)) {
                    return Optional.of("its underlay address " + underlay + " is in the pod network");
                }
            }
            return Optional.empty();
        }

        private void none(IpFamily family, String why) {
            paths.add(new PeerPath(peer.name(), family, PeerPath.Way.NONE, "", 0, Optional.empty(), why));
        }

        private void tunnelTo(TunnelEndpoint endpoint) {
            IpFamily family = endpoint.underlay().family();
            rows.add(new Row.Fdb(settings.device(family), endpoint.mac(), endpoint.underlay()));
            rows.add(new Row.Member(NetworkSettings.peers(family), endpoint.underlay()));
        }

        private void path(IpFamily family) {
            if (settings.backend() == Backend.NEIGHBOUR) {
                perPod(family);
                return;
            }
            List<Cidr> subnets = peer.podCidrs().stream()
                    .filter(cidr -> cidr.family() == family)
                    .toList();
            Optional<String> wrong = subnets.stream().flatMap(this::wrong).findFirst();
            if (subnets.isEmpty() || wrong.isPresent()) {
                none(family, wrong.orElse("it has no subnet of " + family));
                return;
            }
            boolean direct = settings.backend() != Backend.VXLAN && direct(family, subnets);
            if (!direct && settings.backend().tunnels()) {
                tunnelled(family, subnets);
            } else if (!direct) {
                none(family, "it is on no link of this node, as host-gw needs; use direct-routing or vxlan");
            }
        }

        private Stream<String> wrong(Cidr subnet) {
            boolean inside = settings.clusterCidr(subnet.family())
                    .filter(range -> subnet.prefixLength() > range.prefixLength() && range.contains(subnet.network()))
                    .isPresent();
            if (!inside) {
                return Stream.of("its subnet " + subnet + " is none of the pod network's");
            }
            // Such a route would take the place of the one to this node's own pods.
            return own.podCidrs().stream().anyMatch(subnet::overlaps)
                    ? Stream.of("its subnet " + subnet + " is this node's")
                    : Stream.of();
        }

        private boolean direct(IpFamily family, List<Cidr> subnets) {
            Optional<Underlay> underlay = own.underlay(family);
            Optional<TunnelEndpoint> gateway = peer.endpoint(family);
            if (underlay.isEmpty()
                    || gateway.isEmpty()
                    || underlay.get().address().prefixLength() == family.bits()
                    || !underlay.get().address().cidr().contains(gateway.get().underlay())) {
                return false;
            }
            int mtu = Math.min(underlay.get().mtu(), gateway.get().mtu());
            for (Cidr subnet : subnets) {
                rows.add(new Row.Route(
                        MAIN,
                        subnet,
                        Row.RouteAction.FORWARD,
                        Optional.of(gateway.get().underlay()),
                        underlay.get().device(),
                        mtu < underlay.get().mtu() ? mtu : 0));
            }
            found(family, PeerPath.Way.HOST_GW, underlay.get().device(), mtu, gateway.get());
            return true;
        }

        private void found(IpFamily family, PeerPath.Way way, String device, int mtu, TunnelEndpoint to) {
            Optional<IpAddress> probe = peer.capabilities().contains(NodeRecord.MTU_PROBE)
                    ? peer.tunnelIp(family).filter(settings::inPodNetwork)
                    : Optional.empty();
            paths.add(new PeerPath(peer.name(), family, way, device, mtu, probe, "to " + to.underlay()));
        }

        /** The end points that both have: of the pods' own family first, then of the other. */
        private Optional<TunnelEndpoint> carrier(IpFamily family) {
            return own.carrier(family)
                    .flatMap(underlay -> peer.endpoint(underlay.family()))
                    .or(() -> peer.endpoints().stream()
                            .filter(each ->
                                    own.underlay(each.underlay().family()).isPresent())
                            .findFirst());
        }

        private int inside(TunnelEndpoint to) {
            IpFamily outer = to.underlay().family();
            int mine = own.underlay(outer).map(Underlay::mtu).orElse(to.mtu());
            return Underlay.inside(outer, Math.min(mine, to.mtu()));
        }

        /** What a route must say of its MTU: nothing where the device says the same. */
        private int routeMtu(TunnelEndpoint to) {
            int mine = own.underlay(to.underlay().family()).map(Underlay::mtu).orElse(to.mtu());
            return to.mtu() < mine ? inside(to) : 0;
        }

        private void tunnelled(IpFamily family, List<Cidr> subnets) {
            Optional<TunnelEndpoint> to = carrier(family);
            Optional<IpAddress> gateway = peer.tunnelIp(family).filter(settings::inPodNetwork);
            if (to.isEmpty() || gateway.isEmpty()) {
                none(
                        family,
                        to.isEmpty() ? "it has no underlay address of this node's families" : "it has no tunnel IP");
                return;
            }
            String device = settings.device(to.get().underlay().family());
            rows.add(new Row.Neighbour(device, gateway.get(), to.get().mac()));
            for (Cidr subnet : subnets) {
                rows.add(new Row.Route(MAIN, subnet, Row.RouteAction.FORWARD, gateway, device, routeMtu(to.get())));
            }
            found(family, PeerPath.Way.VXLAN, device, inside(to.get()), to.get());
        }

        private void perPod(IpFamily family) {
            // All pods are behind one route, and so behind one device.
            Optional<TunnelEndpoint> to = own.carrier(family).flatMap(underlay -> peer.endpoint(underlay.family()));
            if (to.isEmpty()) {
                none(family, "it has no underlay address of the family that carries " + family);
                return;
            }
            String device = settings.device(to.get().underlay().family());
            // Its own address in the pod network is in one of its blocks, like its pods'.
            found(family, PeerPath.Way.NEIGHBOUR, device, inside(to.get()), to.get());
        }
    }
}
