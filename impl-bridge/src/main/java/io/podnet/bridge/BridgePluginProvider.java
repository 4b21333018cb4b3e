package io.podnet.bridge;

import io.podnet.api.API;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.NodeContext;

/**
 * Provides the plugin named {@code bridge}. Options: {@code bridge} (name, default cbr0), {@code hairpinMode}
 * (hairpin-veth, promiscuous-bridge, none), {@code masquerade}, {@code antiSpoofing} (default true), {@code
 * forceAddress} (default false: a foreign address on an existing bridge is refused). A bridge is one state directory's, which its
 * alias names; a start with another one is refused, see docs/failures/state-directory-in-use.md.
 *
 * <p>For networks that somebody else describes, as CNI does: {@code tables} (what the rules' tables are named after, so that
 * networks can share a bridge), {@code keepBridge} (a bridge that is there keeps MAC address and MTU, and none is removed),
 * {@code gatewayOnBridge} (default true), {@code onLink}, {@code portIsolation}, {@code disableContainerInterface} (the pod
 * brings its end up itself), {@code ensureShared} (default true; without, pods are torn down alone, and bridge and rules stay
 * as they are), and the lists {@code subnets}, {@code gateways} and {@code routes} in place of what follows from the pod
 * CIDRs: {@code 10.22.0.0/16}, {@code 10.22.0.1/16}, {@code 0.0.0.0/0,192.0.2.0/24 via 10.22.0.7 mtu 1400 metric 10 table
 * 100}. A pod's annotation {@code podnet.io/mac-address} is the MAC address of its interface.
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class BridgePluginProvider implements NetworkPluginProvider {
    /** Makes the provider, for ServiceLoader. */
    public BridgePluginProvider() {}

    @Override
    public String name() {
        return "bridge";
    }

    @Override
    public NetworkPlugin create(NodeContext node) {
        return BridgePlugin.start(node);
    }
}
