package io.podnet.iptables;

import io.podnet.api.API;
import io.podnet.api.Packet;
import io.podnet.iptables.restore.Tool;
import io.podnet.services.ServiceModel;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceProxy;
import io.podnet.spi.ServiceProxyProvider;
import java.util.Map;

/** Provides the proxy of the name {@code iptables}. Holds no state. */
@API(status = API.Status.STABLE, since = "0.1")
public final class IptablesServiceProxyProvider implements ServiceProxyProvider {
    /** For {@link java.util.ServiceLoader}. */
    public IptablesServiceProxyProvider() {
        // Nothing to prepare: everything is made by create.
    }

    @Override
    public String name() {
        return "iptables";
    }

    @Override
    public ServiceProxy.Explanation explain(NodeView node, ServiceChanges desired, Packet packet) {
        ServiceModel model = new ServiceModel(ProxyOptions.parse(node.options())
                .modelSettings(
                        node.nodeName(), node.zone(), node.podCidrs(), node.serviceCidrs(), node.externalCidrs()));
        model.update(desired);
        return model.explain(packet, node.nodeAddresses());
    }

    @Override
    public void checkOptions(Map<String, String> options) {
        ProxyOptions.parse(options);
    }

    @Override
    public ServiceProxy create(Context context) {
        return ProxyParts.open(context, Tool.DIRECTORIES, System::nanoTime);
    }
}
