package io.podnet.api;

import io.podnet.spi.ServiceProxy.EndpointCount;
import io.podnet.spi.ServiceProxy.Explanation;
import io.podnet.spi.ServiceProxy.ServiceProxyListener;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The services of a node: what an API server's allocation, the endpointslice controller and kube-proxy do together.
 * Endpoints follow the node's pods by themselves, see {@link Podnet#setReady} and {@link Podnet#terminating}.
 *
 * <p>Services are the caller's to keep; only what was allocated to them survives the process. So after a restart begin
 * with {@link #replaceAll}: the kernel's rules of the earlier process stay until then, and change in one step. A first
 * {@link #apply} counts as a complete picture of one service.
 *
 * <p>Safe for any thread. Calls return before the kernel has a change; {@link #awaitProgrammed} waits for it.
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class Services {
    private final ServiceDesk desk;

    Services(ServiceDesk desk) {
        this.desk = desk;
    }

    /**
     * Makes or changes a service.
     *
     * @param spec the service
     * @return the service with the cluster IPs and node ports that it got
     * @throws PodnetException.Invalid where it asks for what it cannot have; nothing is changed
     * @throws PodnetException.Conflict where it asks for what another service has; nothing is changed
     * @throws PodnetException where the node cannot carry services; nothing is changed
     */
    public Service apply(ServiceSpec spec) {
        return desk.apply(spec);
    }

    /**
     * Takes all services and hand-made slices there are; others go. One that is refused does not stop the others.
     *
     * @param services all services
     * @param endpointSlices all slices that somebody else made, of services without selector
     * @return what became of each; whether the kernel has it, {@link #list} tells
     */
    public ServicesResult replaceAll(Collection<ServiceSpec> services, Collection<EndpointSlice> endpointSlices) {
        return desk.replaceAll(services, endpointSlices);
    }

    /**
     * Removes a service and releases what it had. Idempotent.
     *
     * @param service the service
     * @return false where there was none
     */
    public boolean remove(ServiceId service) {
        return desk.remove(service);
    }

    /**
     * Makes or changes endpoints by hand, as of a service without selector.
     *
     * @param slice the slice
     * @throws PodnetException.Invalid where the proxy refuses an endpoint; nothing is changed
     */
    public void applyEndpointSlice(EndpointSlice slice) {
        desk.applyEndpointSlice(slice);
    }

    /**
     * Removes endpoints that were made by hand. Idempotent.
     *
     * @param service the service
     * @param name the slice's name
     * @return false where there was none
     */
    public boolean removeEndpointSlice(ServiceId service, String name) {
        return desk.removeEndpointSlice(service, name);
    }

    /**
     * Lists the services.
     *
     * @return all of them, by name
     */
    public List<ServiceStatus> list() {
        return desk.list();
    }

    /**
     * Finds a service.
     *
     * @param service its name
     * @return the service; empty where there is none
     */
    public Optional<ServiceStatus> get(ServiceId service) {
        return desk.get(service);
    }

    /**
     * Waits until the kernel has a service's newest state, its endpoints too.
     *
     * @param service the service
     * @param timeout the bound of the wait
     * @return false where the time ran out
     * @throws PodnetException.NotFound where there is no such service
     */
    public boolean awaitProgrammed(ServiceId service, Duration timeout) {
        return desk.awaitProgrammed(service, timeout);
    }

    /**
     * Follows a packet through the services.
     *
     * @param packet the first packet of a flow
     * @return its way
     * @throws PodnetException.Unsupported without a proxy
     */
    public Explanation explain(Packet packet) {
        return desk.proxy().explain(packet);
    }

    /**
     * Tells what {@link #apply} would change in the kernel, without doing it.
     *
     * @param spec the service
     * @return the steps; addresses and ports that would be chosen may be others then
     * @throws PodnetException as {@link #apply} would throw
     */
    public Plan plan(ServiceSpec spec) {
        return desk.plan(spec);
    }

    /**
     * Compares the kernel with what was programmed.
     *
     * @return the differences; empty where all is as it should be, or no proxy was needed yet
     */
    public List<Drift> check() {
        return desk.check();
    }

    /**
     * Reads packet and byte counts of a service.
     *
     * @param service the service
     * @return a count for each endpoint; empty where the kernel counts none
     */
    public List<EndpointCount> counters(ServiceId service) {
        return desk.proxy().counters(service);
    }

    /**
     * Adds a listener. Its calls come from a thread of the proxy's own, one at a time.
     *
     * @param listener who wants to know
     */
    public void addListener(ServiceProxyListener listener) {
        desk.addListener(listener);
    }

    /**
     * Tells whether services work.
     *
     * @return code, reason and remedy
     */
    public Condition status() {
        return desk.status();
    }
}
