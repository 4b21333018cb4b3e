package io.podnet.conformance.broken;

import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.NodeContext;
import io.podnet.spi.Providers;
import java.util.Optional;
import java.util.stream.Stream;

/** The plugin {@code bridge} with a defect, or with none. */
public final class BrokenPluginProvider implements NetworkPluginProvider {
    @Override
    public String name() {
        return "broken";
    }

    @Override
    public NetworkPlugin create(NodeContext node) {
        NetworkPluginProvider bridge = Providers.discover(
                        NetworkPluginProvider.class, getClass().getClassLoader())
                .get("bridge");
        String name = node.options().get(Broken.DEFECT);
        Optional<PluginDefect> defect = Stream.of(PluginDefect.values())
                .filter(known -> known.name().equals(name))
                .findFirst();
        if (defect.isEmpty()) {
            return bridge.create(new NodeContext(
                    node.nodeName(),
                    node.namespace(),
                    node.podCidrs(),
                    node.nonMasqueradeCidrs(),
                    node.mtu(),
                    node.ipam(),
                    node.attachments(),
                    node.stateDirectory(),
                    node.clusterStore(),
                    Broken.real(node.options())));
        }
        return defect.get().in(bridge.create(defect.get().context(node)), node);
    }
}
