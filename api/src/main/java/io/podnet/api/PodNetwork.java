package io.podnet.api;

import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.PodSandbox;
import java.util.List;

/**
 * A pod that is set up. It lives until {@link Podnet#tearDown}, beyond this object and this process; that is why it is
 * not closeable. Safe for any thread.
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class PodNetwork {
    private final AttachmentRecord record;
    private final PodNetworkStatus status;
    private final PodSandbox sandbox;
    private final Runnable files;
    private boolean filesWritten;

    PodNetwork(AttachmentRecord record, PodNetworkStatus status, PodSandbox sandbox, Runnable files) {
        this.record = record;
        this.status = status;
        this.sandbox = sandbox;
        this.files = files;
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
     * Gives the namespaces, to start processes and open channels in. The first call writes the pod's files for {@code
     * /etc}; a pod whose processes somebody else starts does not pay for them.
     *
     * @return the sandbox, valid until the pod is torn down or the {@link Podnet} is closed
     * @throws PodnetException.StateFailure where the files cannot be written
     */
    public synchronized PodSandbox sandbox() {
        if (!filesWritten) {
            files.run();
            filesWritten = true;
        }
        return sandbox;
    }

    /** Closes the sandbox. Whoever asks for it from now on must not bring files back that nobody would remove. */
    synchronized void release() {
        filesWritten = true;
        sandbox.close();
    }

    PodSandbox bareSandbox() {
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
