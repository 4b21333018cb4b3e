package io.podnet.overlay.model;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.overlay.address.AllocatedAddresses;
import io.podnet.overlay.node.NodeRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All rows that should be in a node's kernel. Each method that changes something gives the rows that change with it, and costs
 * no more than those. Not thread-safe.
 */
public final class OverlayModel {
    /** Outranks every peer: what the node says of itself. */
    private static final String OWN = "";

    private final NetworkSettings settings;
    private final Claims claims = new Claims();
    private final PodRows pods;
    private final Map<String, NodeRecord> peers = new TreeMap<>();
    private final Map<String, List<PeerPath>> paths = new TreeMap<>();
    private OwnNode own;

    /**
     * Makes the model of a node that knows of no other.
     *
     * @param own the node
     * @param settings its settings
     */
    public OverlayModel(OwnNode own, NetworkSettings settings) {
        this.own = own;
        this.settings = settings;
        this.pods = new PodRows(settings);
        claims.set(OWN, Long.MAX_VALUE, OwnRows.of(own, settings));
    }

    /**
     * Gives the node.
     *
     * @return as it was last said
     */
    public OwnNode own() {
        return own;
    }

    /**
     * Lists the VXLAN devices that should be.
     *
     * @return none for {@code host-gw}
     */
    public List<Tunnel> tunnels() {
        return own.tunnels(settings);
    }

    /**
     * The node itself has changed. Costs as much as all peers and pods.
     *
     * @param changed the node as it is now
     * @return the rows that change
     */
    public Delta own(OwnNode changed) {
        own = changed;
        Delta delta = claims.set(OWN, Long.MAX_VALUE, OwnRows.of(own, settings));
        List.copyOf(peers.values()).forEach(peer -> delta.add(peer(peer)));
        return delta;
    }

    /**
     * A peer is new, or its record has changed.
     *
     * @param peer its record; the node's own is passed over
     * @return the rows that change
     */
    public Delta peer(NodeRecord peer) {
        if (peer.name().equals(own.name())) {
            return new Delta();
        }
        peers.put(peer.name(), peer);
        PeerRows rows = PeerRows.of(own, peer, settings);
        paths.put(peer.name(), rows.paths());
        Delta delta = claims.set(peer.name(), peer.token(), rows.rows());
        if (settings.backend() == Backend.NEIGHBOUR) {
            delta.add(pods.node(peer.name(), carriers(peer, rows.paths())));
        }
        return delta;
    }

    private Map<IpFamily, PodRows.Carrier> carriers(NodeRecord peer, List<PeerPath> found) {
        Map<IpFamily, PodRows.Carrier> carriers = new TreeMap<>();
        for (PeerPath path : found) {
            if (path.way() == PeerPath.Way.NEIGHBOUR) {
                own.carrier(path.family())
                        .flatMap(underlay -> peer.endpoint(underlay.family()))
                        .ifPresent(to -> carriers.put(path.family(), new PodRows.Carrier(path.device(), to.mac())));
            }
        }
        return carriers;
    }

    /**
     * A peer is gone.
     *
     * @param name its name
     * @return the rows that change
     */
    public Delta peerGone(String name) {
        if (peers.remove(name) == null) {
            return new Delta();
        }
        paths.remove(name);
        return claims.set(name, 0, List.of()).add(pods.node(name, Map.of()));
    }

    /**
     * Replaces all peers: what a complete snapshot says.
     *
     * @param all their records
     * @return the rows that change
     */
    public Delta peers(Collection<NodeRecord> all) {
        Set<String> gone = new HashSet<>(peers.keySet());
        Delta delta = new Delta();
        for (NodeRecord peer : all) {
            gone.remove(peer.name());
            if (!peer.equals(peers.get(peer.name()))) {
                delta.add(peer(peer));
            }
        }
        gone.forEach(name -> delta.add(peerGone(name)));
        return delta;
    }

    /**
     * A block is new, or its addresses in use have changed.
     *
     * @param block the block
     * @return the rows that change; none for a block of this node
     */
    public Delta block(AllocatedAddresses block) {
        return settings.backend() == Backend.NEIGHBOUR ? pods.block(block) : new Delta();
    }

    /**
     * A block is gone.
     *
     * @param block its network
     * @return the rows that change
     */
    public Delta blockGone(Cidr block) {
        return pods.blockGone(block);
    }

    /**
     * Replaces all blocks: what a complete snapshot says.
     *
     * @param all the blocks
     * @return the rows that change
     */
    public Delta blocks(Collection<AllocatedAddresses> all) {
        Set<Cidr> gone = new HashSet<>(pods.blocks());
        Delta delta = new Delta();
        for (AllocatedAddresses block : all) {
            gone.remove(block.cidr());
            delta.add(block(block));
        }
        gone.forEach(cidr -> delta.add(blockGone(cidr)));
        return delta;
    }

    /**
     * A pod is on this node.
     *
     * @param address its address
     * @return the rows that change
     */
    public Delta localPod(IpAddress address) {
        return settings.backend() == Backend.NEIGHBOUR ? pods.local(address) : new Delta();
    }

    /**
     * A pod is no longer on this node.
     *
     * @param address its address
     * @return the rows that change
     */
    public Delta localPodGone(IpAddress address) {
        return pods.localGone(address);
    }

    /**
     * Says which pods are on this node, and that there are no others.
     *
     * @param addresses their addresses
     * @return the rows that change
     */
    public Delta onlyLocalPods(Collection<IpAddress> addresses) {
        Delta delta = new Delta();
        Set<IpAddress> gone = pods.locals();
        gone.removeAll(Set.copyOf(addresses));
        gone.forEach(address -> delta.add(localPodGone(address)));
        addresses.forEach(address -> delta.add(localPod(address)));
        return delta;
    }

    /**
     * Gives a row that should be.
     *
     * @param key which
     * @return the row, empty where there should be none
     */
    public Optional<Row> row(Row.Key key) {
        return claims.winner(key).or(() -> pods.row(key));
    }

    /**
     * Gives all rows that should be.
     *
     * @return in no order
     */
    public Stream<Row> rows() {
        return Stream.concat(claims.rows(), pods.rows());
    }

    /**
     * Tells how the peers are reached.
     *
     * @return one for each peer and family of the pod network
     */
    public List<PeerPath> paths() {
        List<PeerPath> all = new ArrayList<>();
        paths.values().forEach(all::addAll);
        return all;
    }

    /**
     * Gives the peers' records.
     *
     * @return a copy, without the node's own
     */
    public List<NodeRecord> peers() {
        return List.copyOf(peers.values());
    }
}
