package io.podnet.examples.reconcile;

import io.podnet.api.Condition;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.ServiceSpec;
import io.podnet.api.ServiceStatus;
import io.podnet.api.ServicesResult;
import java.util.Collection;
import java.util.List;

/** What the agent asks of a node for services. */
public interface ServiceNode {
    /**
     * Takes all namespaces that manifests name.
     *
     * @param names their names
     */
    void namespaces(Collection<String> names);

    /**
     * Takes all services and hand-made slices there are.
     *
     * @param services all services
     * @param slices all slices
     * @return what became of each
     */
    ServicesResult replaceServices(Collection<ServiceSpec> services, Collection<EndpointSlice> slices);

    /**
     * Lists the services.
     *
     * @return all, by name
     */
    List<ServiceStatus> services();

    /**
     * Tells whether services work.
     *
     * @return code, reason and remedy
     */
    Condition servicesStatus();

    /**
     * Lists the node's own addresses.
     *
     * @return the addresses, sorted
     */
    List<IpAddress> addresses();

    /**
     * Has somebody told when the kernel has more of the services, or fails to.
     *
     * @param changed called on any thread
     */
    void onServicesChanged(Runnable changed);
}
