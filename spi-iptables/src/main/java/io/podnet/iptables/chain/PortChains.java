package io.podnet.iptables.chain;

import io.podnet.services.Backend;
import io.podnet.services.VirtualPort;
import java.util.Collections;
import java.util.List;

/** A service port with the names of its chains, which cost more to make than the rules in them. Immutable. */
public final class PortChains {
    private final VirtualPort port;
    private final String hash;
    private final List<Backend> endpoints;
    private final String[] endpointChains;

    PortChains(VirtualPort port, ChainNames names) {
        this.port = port;
        this.hash = names.hash(port.name());
        this.endpoints = ServiceChains.endpoints(port);
        this.endpointChains = names.endpointChains(port.name(), endpoints);
    }

    /**
     * Gives the service port.
     *
     * @return whose chains these are
     */
    public VirtualPort port() {
        return port;
    }

    List<Backend> endpoints() {
        return endpoints;
    }

    String chain(ChainKind kind) {
        return kind.prefix() + hash;
    }

    String endpointChain(int endpoint) {
        return endpointChains[endpoint];
    }

    /** The chain of one of the endpoints of a policy, which are a part of all, in the same order. */
    String endpointChain(Backend backend) {
        return endpointChains[Collections.binarySearch(endpoints, backend)];
    }
}
