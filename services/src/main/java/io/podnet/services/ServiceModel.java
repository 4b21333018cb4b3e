package io.podnet.services;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Packet;
import io.podnet.api.Plan;
import io.podnet.api.PodnetException;
import io.podnet.api.ServiceId;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceProxy.Explanation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The desired services and everything decided from them. A step recomputes the services that it touches, and those
 * that win or lose a destination by it; the result depends only on the desired state, never on the way to it.
 *
 * <p>Not safe for several threads: its owner locks. What it hands out is immutable.
 */
public final class ServiceModel {
    private final ModelSettings settings;
    private final StepCheck check;
    private final TreeMap<ServiceId, ServiceState> states;
    private final TreeMap<ServiceId, ServiceHealth> health;
    private final Claims claims;
    private boolean complete;

    /**
     * Makes a model without services.
     *
     * @param settings what it must know of its node
     */
    public ServiceModel(ModelSettings settings) {
        this.settings = settings;
        check = new StepCheck(settings);
        states = new TreeMap<>();
        health = new TreeMap<>();
        claims = new Claims();
    }

    private ServiceModel(ServiceModel other) {
        settings = other.settings;
        check = other.check;
        states = new TreeMap<>(other.states);
        health = new TreeMap<>(other.health);
        claims = new Claims(other.claims);
        complete = other.complete;
    }

    /**
     * Gives the settings.
     *
     * @return what the model was made with
     */
    public ModelSettings settings() {
        return settings;
    }

    /**
     * Tells whether the first step has come. Before, nothing may be written: half a picture would cut services.
     *
     * @return true from then on
     */
    public boolean isComplete() {
        return complete;
    }

    /**
     * Takes a step.
     *
     * @param changes the step; the first must be complete
     * @return what it changed
     * @throws PodnetException.Invalid where the first step is not complete, the step contradicts itself, a cluster IP
     *     is outside the service networks, or an endpoint is on loopback, link-local, multicast, unspecified or inside
     *     the service networks; nothing of the step is taken then
     */
    public ModelChange update(ServiceChanges changes) {
        if (!complete && !changes.complete()) {
            throw new PodnetException.Invalid("the first step must be complete: it is a change of nothing");
        }
        check.check(changes);
        Map<ServiceId, ServiceInputs> inputs = ServiceInputs.after(changes, states, settings);
        inputs.entrySet()
                .removeIf(entry -> entry.getValue().equals(state(entry.getKey()).inputs()));
        Set<ServiceId> affected = exchangeClaims(inputs);
        affected.removeAll(inputs.keySet());
        affected.forEach(id -> inputs.put(id, state(id).inputs()));
        complete = true;
        return decide(inputs);
    }

    private ServiceState state(ServiceId id) {
        return states.getOrDefault(id, ServiceState.NONE);
    }

    private Set<ServiceId> exchangeClaims(Map<ServiceId, ServiceInputs> inputs) {
        Set<ServiceId> affected = new TreeSet<>();
        for (Map.Entry<ServiceId, ServiceInputs> entry : inputs.entrySet()) {
            ServiceInputs before = state(entry.getKey()).inputs();
            ServiceInputs after = entry.getValue();
            if (!Objects.equals(before.service(), after.service())) {
                for (Map.Entry<Claim, Claimant> asked : before.claims(settings)) {
                    claims.remove(asked.getKey(), asked.getValue(), affected);
                }
                for (Map.Entry<Claim, Claimant> asked : after.claims(settings)) {
                    claims.add(asked.getKey(), asked.getValue(), affected);
                }
            }
        }
        return affected;
    }

    private ModelChange decide(Map<ServiceId, ServiceInputs> inputs) {
        Decision decision = new Decision(settings, claims);
        ChangeCollector collector = new ChangeCollector();
        for (Map.Entry<ServiceId, ServiceInputs> entry : inputs.entrySet()) {
            ServiceId id = entry.getKey();
            ServiceState before = state(id);
            ServiceState after = decision.decide(entry.getValue());
            collector.add(before, after);
            if (after.inputs().isNothing()) {
                states.remove(id);
            } else {
                states.put(id, after);
            }
            ServiceHealth answers = after.health();
            if (answers == null) {
                health.remove(id);
            } else {
                health.put(id, answers);
            }
        }
        return collector.change();
    }

    /**
     * Tells what a step would change, without taking it.
     *
     * @param changes the step
     * @return its changes to service ports and endpoints
     * @throws PodnetException.Invalid as {@link #update} would throw it
     */
    public Plan plan(ServiceChanges changes) {
        return ServicePlan.of(preview(changes));
    }

    /**
     * Computes a step without taking it. Costs a copy of the model's indexes, milliseconds at 10 000 services.
     *
     * @param changes the step
     * @return what it would change
     * @throws PodnetException.Invalid as {@link #update} would throw it
     */
    public ModelChange preview(ServiceChanges changes) {
        return new ServiceModel(this).update(changes);
    }

    /**
     * Follows a packet.
     *
     * @param packet the first packet of a flow
     * @param nodeAddresses the node's own addresses; those of loopback need no mention
     * @return its way, in words, and where it ends
     */
    public Explanation explain(Packet packet, Collection<IpAddress> nodeAddresses) {
        return new PacketTrace(this, packet, Set.copyOf(nodeAddresses)).explain();
    }

    /**
     * Gives a family's service ports.
     *
     * @param family the family
     * @return all of them, in order of name
     */
    public List<VirtualPort> ports(IpFamily family) {
        List<VirtualPort> ports = new ArrayList<>(states.size());
        for (ServiceState state : states.values()) {
            for (VirtualPort port : state.ports()) {
                if (port.family() == family) {
                    ports.add(port);
                }
            }
        }
        return ports;
    }

    /**
     * Gives a service's ports.
     *
     * @param service the service
     * @return its ports in order of name and family; empty too where a proxy does not serve it
     */
    public List<VirtualPort> ports(ServiceId service) {
        return state(service).ports();
    }

    /**
     * Gives a service port.
     *
     * @param name its name
     * @param family the family
     * @return the decision on it; empty where there is none
     */
    public Optional<VirtualPort> port(ServicePortName name, IpFamily family) {
        for (VirtualPort port : state(name.service()).ports()) {
            if (port.family() == family && port.name().equals(name)) {
                return Optional.of(port);
            }
        }
        return Optional.empty();
    }

    /**
     * Gives what health check node ports answer from.
     *
     * @return one for each service that has such a port, in order of service
     */
    public List<ServiceHealth> health() {
        return List.copyOf(health.values());
    }

    /**
     * Gives all addresses that are refused.
     *
     * @return in order of service and address
     */
    public List<RefusedAddress> refused() {
        return all(ServiceState::refused);
    }

    /**
     * Gives all destinations that somebody does without.
     *
     * @return in order of service
     */
    public List<LostClaim> lostClaims() {
        return all(ServiceState::lost);
    }

    private <T> List<T> all(Function<ServiceState, List<T>> part) {
        return states.values().stream()
                .flatMap(state -> part.apply(state).stream())
                .toList();
    }

    /** Who has a destination. */
    Optional<Claimant> holder(Claim claim) {
        return Optional.ofNullable(claims.holder(claim));
    }
}
