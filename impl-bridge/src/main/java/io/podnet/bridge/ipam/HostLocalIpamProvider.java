package io.podnet.bridge.ipam;

import io.podnet.api.API;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;

/**
 * Finds the Ipam {@code host-local}, which keeps its leases in {@code <stateDirectory>/<network>} as CNI's plugin of the
 * same name does, and shares that directory with it and with other Podnets. One option: {@code coolDown}, an ISO-8601
 * duration from PT0S to P1D for which a released address rests, PT30S by default; an explicitly requested address need
 * not wait.
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class HostLocalIpamProvider implements IpamProvider {
    /** For {@link java.util.ServiceLoader}. */
    public HostLocalIpamProvider() {}

    /**
     * Names the provider.
     *
     * @return {@code host-local}
     */
    @Override
    public String name() {
        return "host-local";
    }

    /**
     * Opens a network's directory, making what is missing.
     *
     * @param context network, ranges, the directory that holds the networks' directories (host-local's dataDir), options
     * @return the Ipam
     * @throws io.podnet.api.PodnetException.Invalid for an unknown option, and where others than its owner could write to
     *     the directory
     * @throws io.podnet.api.PodnetException.StateFailure where the directory cannot be read or written
     * @throws io.podnet.api.PodnetException.PermissionDenied where it belongs to another user
     * @throws io.podnet.api.PodnetException.TimedOut where another process holds the lock for half a minute
     */
    @Override
    public Ipam create(Context context) {
        return HostLocalIpam.open(context, Machine.real());
    }
}
