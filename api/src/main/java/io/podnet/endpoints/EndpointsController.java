package io.podnet.endpoints;

import io.podnet.api.EndpointSlice;
import io.podnet.api.PodId;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.spi.ServiceChanges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds services and pods, and tells step by step what changed for those who follow them. A pod's change is worked out
 * for the services that select it only. Not thread-safe.
 */
public final class EndpointsController {
    /** What the followers have been told of a service. */
    private record Told(Optional<Service> service, Map<String, EndpointSlice> slices) {
        private static final Told NOTHING = new Told(Optional.empty(), Map.of());
    }

    private final Optional<String> sharedBy;
    private final Map<ServiceId, SelectedService> services = new TreeMap<>();
    private final Map<PodId, EndpointPod> pods = new HashMap<>();
    private final Map<ServiceId, Map<String, EndpointSlice>> handMade = new HashMap<>();
    private final LabelIndex<ServiceId> servicesBySelector = new LabelIndex<>();
    private final LabelIndex<PodId> podsByLabel = new LabelIndex<>();
    private final Map<ServiceId, Told> told = new TreeMap<>();
    private final Set<ServiceId> touched = new TreeSet<>();

    /** Starts without services and pods, for all pods there are. */
    public EndpointsController() {
        this(Optional.empty());
    }

    /**
     * Starts without services and pods.
     *
     * @param sharedBy the node whose pods these are, where others make slices of theirs for the same services
     */
    public EndpointsController(Optional<String> sharedBy) {
        this.sharedBy = sharedBy;
    }

    /**
     * Takes a service, new or changed.
     *
     * @param service the service
     */
    public void put(SelectedService service) {
        removeService(service.id());
        services.put(service.id(), service);
        if (service.selects()) {
            servicesBySelector.add(service.id().namespace(), service.service().selector(), service.id());
        }
    }

    /**
     * Forgets a service; slices that somebody else made for it stay.
     *
     * @param id the service
     */
    public void removeService(ServiceId id) {
        SelectedService gone = services.remove(id);
        touched.add(id);
        if (gone != null) {
            servicesBySelector.remove(id.namespace(), gone.service().selector(), id);
        }
    }

    /**
     * Takes a pod, new or changed.
     *
     * @param pod the pod
     */
    public void put(EndpointPod pod) {
        if (pod.equals(pods.get(pod.id()))) {
            return;
        }
        removePod(pod.id());
        pods.put(pod.id(), pod);
        podsByLabel.add(pod.id().namespace(), pod.spec().labels(), pod.id());
        touchServicesOf(pod);
    }

    /**
     * Forgets a pod.
     *
     * @param id the pod
     */
    public void removePod(PodId id) {
        EndpointPod gone = pods.remove(id);
        if (gone != null) {
            podsByLabel.remove(id.namespace(), gone.spec().labels(), id);
            touchServicesOf(gone);
        }
    }

    private void touchServicesOf(EndpointPod pod) {
        for (ServiceId id :
                servicesBySelector.anyOf(pod.id().namespace(), pod.spec().labels())) {
            SelectedService service = services.get(id);
            if (service != null && service.selects(pod)) {
                touched.add(id);
            }
        }
    }

    /**
     * Takes a slice that somebody else made, new or changed.
     *
     * @param slice the slice
     */
    public void put(EndpointSlice slice) {
        handMade.computeIfAbsent(slice.service(), id -> new TreeMap<>()).put(slice.name(), slice);
        touched.add(slice.service());
    }

    /**
     * Forgets a slice that somebody else made.
     *
     * @param service its service
     * @param name its name
     * @return false where there was none
     */
    public boolean removeSlice(ServiceId service, String name) {
        touched.add(service);
        Map<String, EndpointSlice> there = handMade.getOrDefault(service, Map.of());
        boolean present = there.containsKey(name);
        if (present) {
            there.remove(name);
        }
        return present;
    }

    /**
     * Tells whether somebody else made a slice.
     *
     * @param service its service
     * @param name its name
     * @return false for one that was made here, and where there is none
     */
    public boolean isHandMade(ServiceId service, String name) {
        return handMade.getOrDefault(service, Map.of()).containsKey(name);
    }

    /**
     * Lists the slices that somebody else made.
     *
     * @return the slices
     */
    public List<EndpointSlice> handMadeSlices() {
        return handMade.values().stream()
                .flatMap(slices -> slices.values().stream())
                .toList();
    }

    /**
     * Tells what changed since the last call.
     *
     * @return the step; empty where nothing did
     */
    public Optional<ServiceChanges> step() {
        Changes changes = new Changes();
        for (ServiceId id : touched) {
            Told now = now(id, services.get(id));
            changes.add(id, told.getOrDefault(id, Told.NOTHING), now);
            if (now.equals(Told.NOTHING)) {
                told.remove(id);
            } else {
                told.put(id, now);
            }
        }
        touched.clear();
        return changes.any();
    }

    /**
     * Tells what a service would change, without taking it.
     *
     * @param service the service
     * @return the step; empty where nothing would change
     */
    public Optional<ServiceChanges> preview(SelectedService service) {
        Changes changes = new Changes();
        changes.add(service.id(), told.getOrDefault(service.id(), Told.NOTHING), now(service.id(), service));
        return changes.any();
    }

    /**
     * Gives everything, as of the last {@link #step}.
     *
     * @return the complete picture
     */
    public ServiceChanges complete() {
        return ServiceChanges.complete(
                told.values().stream().flatMap(one -> one.service().stream()).toList(),
                told.values().stream()
                        .flatMap(one -> one.slices().values().stream())
                        .toList());
    }

    /**
     * Gives everything, as it would be with a step that is not taken.
     *
     * @param step what {@link #preview} gave
     * @return the complete picture
     */
    public ServiceChanges completeWith(ServiceChanges step) {
        Map<ServiceId, Service> services = new LinkedHashMap<>();
        Map<ServiceChanges.SliceId, EndpointSlice> slices = new LinkedHashMap<>();
        ServiceChanges now = complete();
        Stream.concat(now.services().stream(), step.services().stream())
                .forEach(service -> services.put(service.id(), service));
        Stream.concat(now.endpointSlices().stream(), step.endpointSlices().stream())
                .forEach(slice -> slices.put(new ServiceChanges.SliceId(slice.service(), slice.name()), slice));
        step.removedServices().forEach(services::remove);
        step.removedEndpointSlices().forEach(slices::remove);
        return ServiceChanges.complete(List.copyOf(services.values()), List.copyOf(slices.values()));
    }

    /**
     * Finds a service.
     *
     * @param id the service
     * @return the service; empty where there is none
     */
    public Optional<Service> service(ServiceId id) {
        return Optional.ofNullable(services.get(id)).map(SelectedService::service);
    }

    /**
     * Lists the services.
     *
     * @return their names, sorted
     */
    public List<ServiceId> services() {
        return List.copyOf(services.keySet());
    }

    /**
     * Finds a service with its families.
     *
     * @param id the service
     * @return the service; empty where there is none
     */
    public Optional<SelectedService> selected(ServiceId id) {
        return Optional.ofNullable(services.get(id));
    }

    /**
     * Lists a service's slices, as of the last {@link #step}.
     *
     * @param id the service
     * @return its slices by name, made here or by somebody else
     */
    public List<EndpointSlice> slices(ServiceId id) {
        return List.copyOf(told.getOrDefault(id, Told.NOTHING).slices().values());
    }

    private Told now(ServiceId id, @Nullable SelectedService service) {
        Map<String, EndpointSlice> slices = new TreeMap<>(handMade.getOrDefault(id, Map.of()));
        if (service != null && service.selects()) {
            List<EndpointPod> selected = new ArrayList<>();
            for (PodId pod :
                    podsByLabel.rarestOf(id.namespace(), service.service().selector())) {
                EndpointPod candidate = pods.get(pod);
                if (candidate != null && service.selects(candidate)) {
                    selected.add(candidate);
                }
            }
            new SliceBuilder(service, sharedBy).slices(selected).forEach(slice -> slices.put(slice.name(), slice));
        }
        return new Told(Optional.ofNullable(service).map(SelectedService::service), slices);
    }

    /** Collects differences. */
    private static final class Changes {
        private final List<Service> services = new ArrayList<>();
        private final List<ServiceId> removedServices = new ArrayList<>();
        private final Map<ServiceChanges.SliceId, EndpointSlice> slices = new LinkedHashMap<>();
        private final Set<ServiceChanges.SliceId> removedSlices = new LinkedHashSet<>();

        void add(ServiceId id, Told before, Told now) {
            if (!now.service().equals(before.service())) {
                now.service().ifPresentOrElse(services::add, () -> removedServices.add(id));
            }
            now.slices().forEach((name, slice) -> {
                if (!slice.equals(before.slices().get(name))) {
                    slices.put(new ServiceChanges.SliceId(id, name), slice);
                }
            });
            before.slices().keySet().stream()
                    .filter(name -> !now.slices().containsKey(name))
                    .forEach(name -> removedSlices.add(new ServiceChanges.SliceId(id, name)));
        }

        Optional<ServiceChanges> any() {
            if (services.isEmpty() && removedServices.isEmpty() && slices.isEmpty() && removedSlices.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new ServiceChanges(
                    false, services, removedServices, List.copyOf(slices.values()), List.copyOf(removedSlices)));
        }
    }
}
