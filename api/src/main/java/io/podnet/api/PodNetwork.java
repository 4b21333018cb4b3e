package io.podnet.api;

import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.PodSandbox;
import java.util.List;

/**
 * A pod that is set up. It lives until {@link Podnet#tearDown}, beyond this object and this process; that is why it is
 * not closeable. Immutable, safe for any thread.
 */
public final class PodNetwork {
    private final AttachmentRecord record;
    private final PodNetworkStatus status;
    private final PodSandbox sandbox;

    PodNetwork(AttachmentRecord record, PodNetworkStatus status, PodSandbox sandbox) {
        this.record = record;
        this.status = status;
        this.sandbox = sandbox;
    }

    /**
     * Names the pod.
     *
     * @return namespace and name
     */
    public PodId id() {
        return record.spec().id();
    }

    /**
     * Gives what was asked for.
     *
     * @return the specification of {@link Podnet#setUp}
     */
    public PodSpec spec() {
        return record.spec();
    }

    /**
     * Gives the network as it was set up.
     *
     * @return addresses, gateways, MAC, MTU
     */
    public PodNetworkStatus status() {
        return status;
    }

    /**
     * Gives the addresses.
     *
     * @return the pod's IPs, IPv4 first
     */
    public List<IpAddress> ips() {
        return status.ips();
    }

    /**
     * Gives the namespaces, to start processes and open channels in.
     *
     * @return the sandbox, valid until the pod is torn down or the {@link Podnet} is closed
     */
    public PodSandbox sandbox() {
        return sandbox;
    }

    /**
     * Gives what is written down of the pod.
     *
     * @return the record
     */
    public AttachmentRecord record() {
        return record;
    }

    /**
     * Writes the pod.
     *
     * @return for example {@code default/web [10.244.1.2]}
     */
    @Override
    public String toString() {
        return id() + " " + ips();
    }
}
