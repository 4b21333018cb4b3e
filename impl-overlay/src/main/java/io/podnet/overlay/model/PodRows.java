package io.podnet.overlay.model;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.overlay.address.AllocatedAddresses;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The rows of single pods: of a remote one a neighbour and leave to use the device, of a local one a way round the route for all.
 * They are computed from the blocks whenever they are asked for, so that a pod costs a bit of memory, not objects.
 */
final class PodRows {
    private final NetworkSettings settings;
    private final Map<Cidr, AllocatedAddresses> blocks = new HashMap<>();
    /** Where blocks begin, to find an address's. */
    private final TreeMap<IpAddress, Cidr> starts = new TreeMap<>();

    private final Map<String, Set<Cidr>> byNode = new HashMap<>();
    private final Map<String, Map<IpFamily, Carrier>> nodes = new HashMap<>();
    private final Set<IpAddress> local = new TreeSet<>();

    /** By which device, and to which Ethernet address, a node's pods are reached. */
    record Carrier(String device, MacAddress mac) {}

    PodRows(NetworkSettings settings) {
        this.settings = settings;
    }

    Set<Cidr> blocks() {
        return Set.copyOf(blocks.keySet());
    }

    private Optional<Carrier> carrier(AllocatedAddresses block) {
        boolean inside = settings.clusterCidr(block.cidr().family())
                .filter(range -> range.contains(block.cidr().network()))
                .isPresent();
        return inside
                ? Optional.ofNullable(nodes.getOrDefault(block.node(), Map.of())
                        .get(block.cidr().family()))
                : Optional.empty();
    }

    private static Row.Neighbour neighbour(Carrier carrier, IpAddress pod) {
        return new Row.Neighbour(carrier.device(), pod, carrier.mac());
    }

    private static Row.Member member(IpAddress pod) {
        return new Row.Member(NetworkSettings.pods(pod.family()), pod);
    }

    private Row.Route around(IpAddress pod) {
        return new Row.Route(
                settings.table(), new Cidr(pod, pod.family().bits()), Row.RouteAction.THROW, Optional.empty(), "", 0);
    }

    private void put(Delta delta, Carrier carrier, IpAddress pod) {
        delta.put(neighbour(carrier, pod)).put(member(pod));
    }

    private static void drop(Delta delta, Carrier carrier, IpAddress pod) {
        delta.drop(Row.Neighbour.key(carrier.device(), pod)).drop(member(pod).key());
    }

    Delta block(AllocatedAddresses now) {
        AllocatedAddresses was = blocks.put(now.cidr(), now);
        starts.put(now.cidr().network(), now.cidr());
        if (was != null && !was.node().equals(now.node())) {
            byNode.getOrDefault(was.node(), new HashSet<>()).remove(now.cidr());
        }
        byNode.computeIfAbsent(now.node(), name -> new HashSet<>()).add(now.cidr());
        Delta delta = new Delta();
        Optional<Carrier> former = Optional.ofNullable(was).flatMap(this::carrier);
        Optional<Carrier> carrier = carrier(now);
        if (was != null) {
            former.ifPresent(by -> was.forEach(pod -> {
                if (!now.has(pod) || carrier.isEmpty()) {
                    drop(delta, by, pod);
                }
            }));
        }
        carrier.ifPresent(by -> now.forEach(pod -> {
            if (was == null || !was.has(pod) || !former.equals(carrier)) {
                put(delta, by, pod);
            }
        }));
        return delta;
    }

    Delta blockGone(Cidr cidr) {
        AllocatedAddresses was = blocks.remove(cidr);
        Delta delta = new Delta();
        if (was != null) {
            starts.remove(cidr.network());
            byNode.getOrDefault(was.node(), new HashSet<>()).remove(cidr);
            carrier(was).ifPresent(by -> was.forEach(pod -> drop(delta, by, pod)));
        }
        return delta;
    }

    /** A node is reached in another way, or no longer. */
    Delta node(String name, Map<IpFamily, Carrier> carriers) {
        Map<IpFamily, Carrier> was = carriers.isEmpty() ? nodes.remove(name) : nodes.put(name, carriers);
        Delta delta = new Delta();
        for (Cidr cidr : byNode.getOrDefault(name, Set.of())) {
            AllocatedAddresses block = blocks.get(cidr);
            Carrier former = was == null ? null : was.get(cidr.family());
            Carrier now = carriers.get(cidr.family());
            if (block == null || java.util.Objects.equals(former, now)) {
                continue;
            }
            block.forEach(pod -> {
                if (former != null && (now == null || !former.device().equals(now.device()))) {
                    drop(delta, former, pod);
                }
                if (now != null) {
                    put(delta, now, pod);
                }
            });
        }
        return delta;
    }

    Set<IpAddress> locals() {
        return new HashSet<>(local);
    }

    Delta local(IpAddress pod) {
        return local.add(pod) ? new Delta().put(around(pod)) : new Delta();
    }

    Delta localGone(IpAddress pod) {
        return local.remove(pod) ? new Delta().drop(around(pod).key()) : new Delta();
    }

    private Optional<AllocatedAddresses> blockOf(IpAddress pod) {
        Map.Entry<IpAddress, Cidr> start = starts.floorEntry(pod);
        return start == null
                ? Optional.empty()
                : Optional.ofNullable(blocks.get(start.getValue())).filter(block -> block.has(pod));
    }

    Optional<Row> row(Row.Key key) {
        if (key.kind() == Row.Kind.ROUTE && key.id() instanceof Cidr network) {
            return local.contains(network.network())
                            && around(network.network()).key().equals(key)
                    ? Optional.of(around(network.network()))
                    : Optional.empty();
        }
        if (!(key.id() instanceof IpAddress pod)) {
            return Optional.empty();
        }
        Optional<Carrier> by = blockOf(pod).flatMap(this::carrier);
        Optional<Row> row = key.kind() == Row.Kind.MEMBER
                ? by.map(carrier -> member(pod))
                : by.map(carrier -> neighbour(carrier, pod));
        return row.filter(found -> found.key().equals(key));
    }

    Stream<Row> rows() {
        Stream<Row> remote = blocks.values().stream()
                .flatMap(block -> carrier(block).stream()
                        .flatMap(by -> block.bits().stream()
                                .mapToObj(ordinal -> block.cidr().network().plus(ordinal))
                                .flatMap(pod -> Stream.<Row>of(neighbour(by, pod), member(pod)))));
        return Stream.concat(remote, local.stream().map(this::around));
    }
}
