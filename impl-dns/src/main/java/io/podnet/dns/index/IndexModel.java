package io.podnet.dns.index;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Names;
import io.podnet.api.PodId;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.dns.wire.WireName;
import io.podnet.spi.NameChanges;
import io.podnet.spi.NameResolver.StaticRecord;
import io.podnet.spi.ServiceChanges;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The desired state of names, and the index that follows from it. A step costs what it touches, not what there is. Safe
 * for any thread; queries read {@link #index()} without a lock.
 */
public final class IndexModel {
    /** A service as far as the model knows it; slices may come before their service. */
    private static final class State {
        final ServiceKey key;

        @Nullable
        ServiceDefinition definition;

        List<SliceRecords> slices = List.of();

        @Nullable
        ServiceRecords records;

        State(ServiceKey key) {
            this.key = key;
        }
    }

    private final Set<String> withheldNamespaces;
    private final StaticRecords staticRecords;
    private final Map<ServiceId, State> services = new HashMap<>();
    private final Map<PodId, List<IpAddress>> pods = new HashMap<>();
    private final Map<String, Integer> inUse = new HashMap<>();
    private Set<String> named = Set.of();
    private volatile RecordIndex index;

    /**
     * Begins with nothing known.
     *
     * @param zone the zones
     * @param withheldNamespaces namespaces whose services get no names, since a search list would let them capture names
     *     of the cluster (CVE-2022-2835)
     * @param firstGeneration the number of the empty index
     */
    public IndexModel(Zone zone, Set<String> withheldNamespaces, long firstGeneration) {
        this.withheldNamespaces = Set.copyOf(withheldNamespaces);
        this.staticRecords = new StaticRecords(zone);
        this.index = RecordIndex.empty(firstGeneration);
    }

    /**
     * Gives the present index.
     *
     * @return the index of the last step
     */
    public RecordIndex index() {
        return index;
    }

    /**
     * Names the namespaces that exist and are withheld.
     *
     * @return their names
     */
    public synchronized Set<String> withheld() {
        Set<String> withheld = new HashSet<>(withheldNamespaces);
        withheld.removeIf(name -> !named.contains(name) && !inUse.containsKey(name));
        return withheld;
    }

    /**
     * Takes all records of the host's own.
     *
     * @param records the records; earlier ones go
     * @throws io.podnet.api.PodnetException.Invalid where one is wrong; nothing is changed then
     */
    public synchronized void replaceRecords(Collection<StaticRecord> records) {
        RecordIndex old = index;
        index = new RecordIndex(
                old.generation() + 1,
                old.complete,
                old.services,
                old.namespaces,
                staticRecords.table(records),
                old.reverse4,
                old.reverse6,
                old.pods4,
                old.pods6);
    }

    /**
     * Takes a step.
     *
     * @param changes the step
     * @return its generation
     * @throws io.podnet.api.PodnetException.Invalid where it is the first and not complete, or a service is wrong; nothing
     *     is changed then
     */
    public synchronized long apply(NameChanges changes) {
        ServiceChanges step = changes.services();
        if (!step.complete() && !index.complete) {
            throw new io.podnet.api.PodnetException.Invalid(
                    "the first step of names must be complete; apply everything there is first");
        }
        Map<ServiceId, ServiceDefinition> definitions = new LinkedHashMap<>();
        for (Service service : step.services()) {
            definitions.put(service.id(), ServiceDefinition.of(service));
        }
        step.endpointSlices().forEach(IndexModel::require);
        Map<ServiceId, State> touched = new LinkedHashMap<>();
        if (step.complete()) {
            forgetAll(touched);
        }
        step.removedServices().forEach(id -> touch(touched, id).definition = null);
        step.removedEndpointSlices().forEach(id -> removeSlice(touch(touched, id.service()), id.name()));
        definitions.forEach((id, definition) -> touch(touched, id).definition = definition);
        step.endpointSlices().forEach(slice -> putSlice(touch(touched, slice.service()), slice));
        publish(touched, changes);
        return index.generation();
    }

    /** Tells why a service has no records, for people; null where there is no such service. */
    @Nullable
    synchronized String hindrance(ServiceId id) {
        State state = services.get(id);
        if (state == null || state.definition == null) {
            return null;
        }
        if (withheldNamespaces.contains(id.namespace())) {
            return "names of namespace " + id.namespace() + " are withheld (option withheldNamespaces)";
        }
        int endpoints = state.slices.stream().mapToInt(SliceRecords::endpoints).sum();
        return "headless service " + id + " has no endpoint that is ready; it has " + endpoints + " that are not";
    }

    private static void require(EndpointSlice slice) {
        if (slice.endpoints().stream()
                .anyMatch(endpoint -> endpoint.addresses().get(0).family() != slice.addressType())) {
            throw new io.podnet.api.PodnetException.Invalid("endpoint slice " + slice.name() + " of " + slice.service()
                    + " is of type " + slice.addressType() + " and has an address of another");
        }
        for (EndpointSlice.Port port : slice.ports()) {
            if (!port.name().isEmpty()) {
                Names.dnsLabel("port name of endpoint slice " + slice.name(), port.name());
                ServiceDefinition.portName(port.name(), port.protocol());
            }
        }
    }

    private void forgetAll(Map<ServiceId, State> touched) {
        touched.putAll(services);
        services.values().forEach(state -> {
            state.definition = null;
            state.slices = List.of();
        });
    }

    private State touch(Map<ServiceId, State> touched, ServiceId id) {
        State state = services.computeIfAbsent(id, absent -> {
            inUse.merge(absent.namespace(), 1, Integer::sum);
            return new State(new ServiceKey(absent));
        });
        touched.put(id, state);
        return state;
    }

    private static void removeSlice(State state, String name) {
        state.slices = state.slices.stream()
                .filter(slice -> !slice.name().equals(name))
                .toList();
    }

    private static void putSlice(State state, EndpointSlice slice) {
        List<SliceRecords> slices = new ArrayList<>(state.slices.size() + 1);
        state.slices.stream()
                .filter(other -> !other.name().equals(slice.name()))
                .forEach(slices::add);
        slices.add(SliceRecords.of(slice));
        state.slices = List.copyOf(slices);
    }

    private void publish(Map<ServiceId, State> touched, NameChanges changes) {
        RecordIndex old = index;
        List<ServiceRecords> put = new ArrayList<>();
        List<byte[]> removed = new ArrayList<>();
        Trees<ServiceKey> reverse = new Trees<>(old.reverse4, old.reverse6);
        touched.forEach((id, state) -> {
            ServiceDefinition definition = state.definition;
            ServiceRecords next = definition == null || withheldNamespaces.contains(id.namespace())
                    ? null
                    : definition.records(state.key, state.slices);
            reverse.replace(state.key, addresses(state.records), addresses(next));
            if (next != null) {
                put.add(next);
            } else if (state.records != null) {
                removed.add(state.key.octets());
            }
            state.records = next;
            if (definition == null && state.slices.isEmpty()) {
                services.remove(id);
                release(id.namespace());
            }
        });
        Trees<PodId> byPod = new Trees<>(old.pods4, old.pods6);
        applyPods(changes, byPod);
        index = new RecordIndex(
                old.generation() + 1,
                true,
                old.services.change(put, removed),
                namespaces(old.namespaces, changes.namespaces()),
                old.statics,
                reverse.v4,
                reverse.v6,
                byPod.v4,
                byPod.v6);
    }

    private void applyPods(NameChanges changes, Trees<PodId> byPod) {
        Set<PodId> gone = new HashSet<>(changes.removedPods());
        if (changes.services().complete()) {
            gone.addAll(pods.keySet());
            changes.pods().forEach(pod -> gone.remove(pod.spec().id()));
        }
        for (PodId pod : gone) {
            List<IpAddress> before = pods.remove(pod);
            if (before != null) {
                byPod.replace(pod, before, List.of());
                release(pod.namespace());
            }
        }
        for (NameChanges.PodAddresses pod : changes.pods()) {
            PodId id = pod.spec().id();
            List<IpAddress> before = pods.put(id, pod.ips());
            if (before == null) {
                inUse.merge(id.namespace(), 1, Integer::sum);
            }
            byPod.replace(id, before == null ? List.of() : before, pod.ips());
        }
    }

    private void release(String namespace) {
        inUse.computeIfPresent(namespace, (name, count) -> count == 1 ? null : count - 1);
    }

    /** A namespace exists where the step says so, and where something is in it. */
    private NameTable<RecordIndex.NamespaceName> namespaces(
            NameTable<RecordIndex.NamespaceName> before, Set<String> now) {
        if (!now.equals(named)) {
            named = now;
        } else if (before.size() > 0 && inUse.keySet().stream().allMatch(name -> before.get(label(name)) != null)) {
            // What only a pod or a service made known stays until the next change of the set.
            return before;
        }
        Set<String> all = new HashSet<>(named);
        all.addAll(inUse.keySet());
        all.removeAll(withheldNamespaces);
        return NameTable.<RecordIndex.NamespaceName>empty()
                .change(
                        all.stream()
                                .map(name -> new RecordIndex.NamespaceName(label(name)))
                                .toList(),
                        List.of());
    }

    private static byte[] label(String name) {
        return WireName.labels(name);
    }

    private static List<IpAddress> addresses(@Nullable ServiceRecords records) {
        List<IpAddress> addresses = new ArrayList<>();
        if (records != null) {
            for (int family : new int[] {4, 16}) {
                byte[] packed = records.addresses(family);
                for (int i = 0; i < packed.length; i += family) {
                    addresses.add(IpAddress.of(Arrays.copyOfRange(packed, i, i + family)));
                }
            }
        }
        return addresses;
    }

    /** The trees of both families in the making. */
    private static final class Trees<H> {
        AddressTree<H> v4;
        AddressTree<H> v6;

        Trees(AddressTree<H> v4, AddressTree<H> v6) {
            this.v4 = v4;
            this.v6 = v6;
        }

        void replace(H holder, List<IpAddress> before, List<IpAddress> after) {
            Set<IpAddress> kept = new HashSet<>(after);
            for (IpAddress address : before) {
                if (!kept.remove(address)) {
                    if (address.family() == IpFamily.IPV4) {
                        v4 = v4.without(address, holder);
                    } else {
                        v6 = v6.without(address, holder);
                    }
                }
            }
            for (IpAddress address : kept) {
                if (address.family() == IpFamily.IPV4) {
                    v4 = v4.with(address, holder);
                } else {
                    v6 = v6.with(address, holder);
                }
            }
        }
    }
}
