package io.podnet.bridge.firewall;

import io.podnet.api.AttachmentId;
import io.podnet.api.Drift;
import io.podnet.api.HostPort;
import io.podnet.api.Names;
import io.podnet.api.Plan;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.bridge.firewall.PodElement.Place;
import io.podnet.netlink.conntrack.UdpConnections;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.nftables.NftBatch;
import io.podnet.netlink.nftables.Nftables;
import io.podnet.netlink.nftables.RegisterData;
import io.podnet.netlink.nftables.SetElement;
import io.podnet.netlink.nftables.Table;
import io.podnet.netlink.socket.NetlinkConversation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packet filter on nf_tables: table {@code inet podnet-<bridge>} translates addresses, table
 * {@code bridge podnet-<bridge>} checks what pods send. No other table is touched. Adding a pod creates elements in one
 * batch and removing it deletes them in one, after a look at whose they are.
 */
public final class NftablesPacketFilter implements PacketFilter {
    private static final Logger LOG = LoggerFactory.getLogger(NftablesPacketFilter.class);

    /** How often a change is computed anew after somebody else changed the tables in between. */
    private static final int TRIES = 3;

    /** Up to so many elements are looked up one by one, more are listed. */
    private static final int FEW = 8;

    private final ReentrantLock lock = new ReentrantLock();
    private final String bridge;
    private final String tables;
    private final Nftables nftables;
    private final UdpConnections connections;
    private final PodElements elements;
    private final HostPortChains chains;
    private final HostPortConflicts conflicts;
    private final Function<AttachmentId, String> described;

    /**
     * Works for one bridge.
     *
     * @param conversation over NETLINK_NETFILTER, opened inside the node's network namespace; not closed by this
     * @param bridge the bridge's name
     */
    public NftablesPacketFilter(NetlinkConversation conversation, String bridge) {
        this(conversation, bridge, bridge, AttachmentId::toString);
    }

    /**
     * Works for one network on a bridge that several may share, and speaks of pods by their names.
     *
     * @param conversation over NETLINK_NETFILTER, opened inside the node's network namespace; not closed by this
     * @param bridge the bridge's name
     * @param tables what the network's tables are named after, unique in the namespace
     * @param described gives an attachment the name that errors have; asked for errors alone
     */
    public NftablesPacketFilter(
            NetlinkConversation conversation, String bridge, String tables, Function<AttachmentId, String> described) {
        this.bridge = Names.interfaceName(bridge);
        this.tables = Names.cniId("tables' name", tables);
        this.nftables = new Nftables(conversation);
        this.connections = new UdpConnections(conversation);
        this.elements = new PodElements(tables);
        this.chains = new HostPortChains(nftables, elements, bridge, tables);
        this.conflicts = new HostPortConflicts(nftables, elements, described);
        this.described = described;
    }

    @Override
    public NodeChange ensureNode(NodeRules rules) {
        lock.lock();
        try {
            NftBatch batch = new NftBatch();
            List<Plan.Step> steps = new ArrayList<>();
            NodeChange change = compare(rules, batch, steps);
            nftables.commit(batch);
            if (change != NodeChange.UNCHANGED) {
                LOG.atInfo()
                        .addKeyValue("bridge", bridge)
                        .addKeyValue("steps", steps)
                        .log("packet filter of the node set up");
            }
            return change;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Plan planNode(NodeRules rules) {
        List<Plan.Step> steps = new ArrayList<>();
        compare(rules, new NftBatch(), steps);
        return new Plan(steps);
    }

    private NodeChange compare(NodeRules rules, NftBatch batch, List<Plan.Step> steps) {
        Set<Table> present = new HashSet<>(nftables.tables());
        NodeChange change = NodeChange.UNCHANGED;
        boolean hostPorts = !rules.masquerades() && chains.areWanted();
        for (TableModel model : List.of(
                AddressTranslation.model(tables, bridge, rules, hostPorts), AntiSpoofing.model(tables, rules))) {
            NodeChange one = TableAdoption.compare(nftables, present.contains(model.table()), model, batch, steps);
            change = one.compareTo(change) > 0 ? one : change;
        }
        return change;
    }

    @Override
    public void requireHostPorts(PodPort pod) {
        requireReachable(pod);
        Map<PodPort, List<PodElement>> wanted = elementsOf(List.of(pod));
        lock.lock();
        try {
            conflicts.check(wanted);
            for (List<PodElement> all : wanted.values()) {
                all.stream().filter(PodElement::isHostPort).forEach(one -> conflicts.refuse(pod, one, find(one)));
            }
        } finally {
            lock.unlock();
        }
    }

    private void requireReachable(PodPort pod) {
        PodElements.requireReachable(pod, described);
    }

    @Override
    public void addPods(Collection<PodPort> pods) {
        pods.forEach(this::requireReachable);
        Map<PodPort, List<PodElement>> wanted = elementsOf(pods);
        lock.lock();
        try {
            conflicts.check(wanted);
            NftBatch batch = new NftBatch();
            chains.addTo(batch, wanted.keySet());
            grouped(wanted).forEach((place, list) -> batch.createElements(place.table(), place.set(), list));
            if (!commit(batch, Errno.EEXIST)) {
                addMissing(wanted, false);
            }
            addLostChains(pods);
        } finally {
            lock.unlock();
        }
        forgetConnections(pods);
    }

    /** Another process may have seen no host port, and taken the chains away, before the elements were there. */
    private void addLostChains(Collection<PodPort> pods) {
        NftBatch batch = new NftBatch();
        chains.addTo(batch, pods);
        commit(batch);
    }

    private Map<PodPort, List<PodElement>> elementsOf(Collection<PodPort> pods) {
        Map<PodPort, List<PodElement>> all = new LinkedHashMap<>();
        pods.forEach(pod -> all.computeIfAbsent(pod, elements::of));
        return all;
    }

    private static Map<Place, List<SetElement>> grouped(Map<PodPort, List<PodElement>> pods) {
        Map<Place, List<SetElement>> grouped = new LinkedHashMap<>();
        pods.values()
                .forEach(list -> list.forEach(one -> grouped.computeIfAbsent(one.place(), place -> new ArrayList<>())
                        .add(one.element())));
        return grouped;
    }

    /** Absent tables are the caller's mistake or somebody's flush; both are mended by ensureNode. */
    private boolean commit(NftBatch batch, Errno... expected) {
        try {
            return nftables.commitUnless(batch, expected);
        } catch (PodnetException.KernelRejected refused) {
            if (refused.errno() == Errno.ENOENT.number()) {
                PodnetException.NotFound absent = new PodnetException.NotFound("the packet filter's tables of bridge "
                        + bridge + " are not there; set the node up first (" + refused.getMessage() + ")");
                absent.addSuppressed(refused);
                throw absent;
            }
            throw refused;
        }
    }

    /** Adds what is not there yet; what is there must be the same pod's. */
    private void addMissing(Map<PodPort, List<PodElement>> wanted, boolean replace) {
        for (int tries = 1; ; tries++) {
            NftBatch batch = new NftBatch();
            chains.addTo(batch, wanted.keySet());
            for (Map.Entry<PodPort, List<PodElement>> pod : wanted.entrySet()) {
                for (PodElement one : pod.getValue()) {
                    addIfMissing(batch, pod.getKey(), one, replace);
                }
            }
            if (tries == TRIES) {
                commit(batch);
                return;
            }
            if (commit(batch, Errno.EEXIST, Errno.ENOENT)) {
                return;
            }
        }
    }

    private void addIfMissing(NftBatch batch, PodPort pod, PodElement wanted, boolean replace) {
        Place place = wanted.place();
        List<SetElement> list = List.of(wanted.element());
        Optional<SetElement> found = find(wanted);
        if (found.isEmpty()) {
            batch.createElements(place.table(), place.set(), list);
        } else if (!found.get().equals(wanted.element())) {
            boolean own = found.get().comment().equals(PodElements.owner(pod));
            if (!own || !replace) {
                throw conflicts.of(pod, wanted, found.get());
            }
            batch.deleteElements(place.table(), place.set(), list).createElements(place.table(), place.set(), list);
        }
    }

    private Optional<SetElement> find(PodElement element) {
        Place place = element.place();
        return nftables.element(place.table(), place.set(), element.element().key());
    }

    /** A flow that was untranslated before would stay so as long as its packets keep coming. */
    private void forgetConnections(Collection<PodPort> pods) {
        pods.stream()
                .flatMap(pod -> pod.hostPorts().stream())
                .filter(port -> port.protocol() == Protocol.UDP)
                .map(HostPort::hostPort)
                .distinct()
                .forEach(this::forgetConnections);
    }

    private void forgetConnections(int port) {
        try {
            int forgotten = connections.forgetTo(port);
            LOG.atDebug()
                    .addKeyValue("port", port)
                    .addKeyValue("connections", forgotten)
                    .log("UDP connections forgotten");
        } catch (PodnetException.Unsupported missing) {
            // The port leads to the pod for every new flow; only flows from before keep going astray.
            LOG.atWarn().addKeyValue("port", port).setCause(missing).log("UDP flows from before the host port stay");
        }
    }

    @Override
    public void removePods(Collection<PodPort> pods) {
        Map<PodPort, List<PodElement>> wanted = elementsOf(pods);
        lock.lock();
        try {
            NftBatch batch = ownPorts(wanted.keySet()) ? deletionOf(wanted) : removalOf(wanted);
            for (int tries = 1; !nftables.commitUnless(batch, Errno.ENOENT); tries++) {
                // Something is gone already: look at each element, and at whose it is by now.
                batch = removalOf(wanted);
                if (tries == TRIES) {
                    nftables.commit(batch);
                    break;
                }
            }
            if (PodPort.anyHostPort(wanted.keySet())) {
                chains.dropIdle();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells whether each pod still has its port: then all its elements are its own, since they came in one batch. A
     * removal may come twice, and another pod may have taken everything over in between.
     */
    private boolean ownPorts(Collection<PodPort> pods) {
        Place ports = elements.ports();
        if (pods.size() <= FEW) {
            return pods.stream()
                    .allMatch(pod -> nftables.element(
                                    ports.table(), ports.set(), RegisterData.interfaceName(pod.hostInterface()))
                            .filter(found -> found.comment().equals(PodElements.owner(pod)))
                            .isPresent());
        }
        Map<RegisterData, String> owners = nftables.elements(ports.table(), ports.set()).stream()
                .collect(Collectors.toMap(SetElement::key, SetElement::comment));
        return pods.stream()
                .allMatch(pod ->
                        PodElements.owner(pod).equals(owners.get(RegisterData.interfaceName(pod.hostInterface()))));
    }

    private static NftBatch deletionOf(Map<PodPort, List<PodElement>> pods) {
        NftBatch batch = new NftBatch();
        grouped(pods).forEach((place, list) -> batch.deleteElements(place.table(), place.set(), list));
        return batch;
    }

    private NftBatch removalOf(Map<PodPort, List<PodElement>> pods) {
        NftBatch batch = new NftBatch();
        pods.forEach((pod, list) -> list.forEach(one -> {
            Optional<SetElement> found =
                    find(one).filter(element -> element.comment().equals(PodElements.owner(pod)));
            found.ifPresent(element ->
                    batch.deleteElements(one.place().table(), one.place().set(), List.of(element)));
        }));
        return batch;
    }

    @Override
    public List<Plan.Step> plan(PodPort pod) {
        requireReachable(pod);
        List<Plan.Step> steps = new ArrayList<>();
        chains.planFor(pod, steps);
        elements.of(pod).stream()
                .filter(one -> find(one).isEmpty())
                .map(one -> new Plan.Step(Plan.Action.CREATE, PodElement.KIND, one.name(), one.described()))
                .forEach(steps::add);
        return steps;
    }

    @Override
    public List<Drift> check(PodPort pod) {
        List<Drift> drifts = new ArrayList<>();
        for (PodElement wanted : elements.of(pod)) {
            Optional<SetElement> found = find(wanted);
            if (!found.equals(Optional.of(wanted.element()))) {
                String actual = found.map(
                                other -> other.data().equals(wanted.element().data())
                                        ? "owner " + other.comment()
                                        : other.data() + ", owner " + other.comment())
                        .orElse("absent");
                drifts.add(new Drift(PodElement.KIND, wanted.name(), wanted.described(), actual));
            }
        }
        return drifts;
    }

    @Override
    public List<PodPort> listDrifted(Collection<PodPort> pods) {
        if (pods.isEmpty()) {
            return List.of();
        }
        Map<Place, Set<SetElement>> present = new HashMap<>();
        for (Place place : elements.places()) {
            present.put(place, new HashSet<>(nftables.elements(place.table(), place.set())));
        }
        return pods.stream()
                .filter(pod -> elements.of(pod).stream()
                        .anyMatch(wanted ->
                                !present.getOrDefault(wanted.place(), Set.of()).contains(wanted.element())))
                .toList();
    }

    @Override
    public void repair(PodPort pod) {
        requireReachable(pod);
        Map<PodPort, List<PodElement>> wanted = elementsOf(List.of(pod));
        lock.lock();
        try {
            conflicts.check(wanted);
            addMissing(wanted, true);
            addLostChains(wanted.keySet());
        } finally {
            lock.unlock();
        }
        forgetConnections(List.of(pod));
    }

    @Override
    public Set<AttachmentId> listOwners() {
        Set<AttachmentId> owners = new HashSet<>();
        for (Place place : elements.places()) {
            nftables.elements(place.table(), place.set())
                    .forEach(element -> Owners.parse(element.comment()).ifPresent(owners::add));
        }
        return owners;
    }

    @Override
    public Set<AttachmentId> gc(Set<AttachmentId> valid) {
        Set<String> kept = valid.stream().map(AttachmentId::toString).collect(Collectors.toSet());
        Set<AttachmentId> removed = new HashSet<>();
        lock.lock();
        try {
            for (int tries = 1; ; tries++) {
                NftBatch batch = new NftBatch();
                for (Place place : elements.places()) {
                    List<SetElement> stale = nftables.elements(place.table(), place.set()).stream()
                            .filter(element -> !kept.contains(element.comment()))
                            .toList();
                    batch.deleteElements(place.table(), place.set(), stale);
                    stale.forEach(element -> Owners.parse(element.comment()).ifPresent(removed::add));
                }
                if (tries == TRIES) {
                    nftables.commit(batch);
                    break;
                }
                if (nftables.commitUnless(batch, Errno.ENOENT)) {
                    break;
                }
            }
            if (!removed.isEmpty()) {
                chains.dropIdle();
            }
            return removed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void removeNode() {
        lock.lock();
        try {
            nftables.commit(new NftBatch()
                    .destroyTable(AddressTranslation.table(tables))
                    .destroyTable(AntiSpoofing.table(tables)));
        } finally {
            lock.unlock();
        }
    }
}
