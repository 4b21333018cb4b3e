package io.podnet.conformance.broken;

import io.podnet.api.Packet;
import io.podnet.spi.Providers;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceProxy;
import io.podnet.spi.ServiceProxyProvider;
import java.util.Map;
import java.util.stream.Stream;

/** The proxy {@code iptables} with a defect, or with none. */
public final class BrokenProxyProvider implements ServiceProxyProvider {
    @Override
    public String name() {
        return "broken";
    }

    private ServiceProxyProvider real() {
        return Providers.discover(ServiceProxyProvider.class, getClass().getClassLoader())
                .get("iptables");
    }

    @Override
    public ServiceProxy.Explanation explain(NodeView node, ServiceChanges desired, Packet packet) {
        return real().explain(
                        new NodeView(
                                node.nodeName(),
                                node.zone(),
                                node.nodeAddresses(),
                                node.podCidrs(),
                                node.serviceCidrs(),
                                node.externalCidrs(),
                                Broken.real(node.options())),
                        desired,
                        packet);
    }

    @Override
    public ServiceProxy create(Context context) {
        String name = context.options().get(Broken.DEFECT);
        Map<String, String> options = Broken.real(context.options());
        if (ProxyDefect.IGNORES_UNKNOWN_OPTIONS.name().equals(name)) {
            options.clear();
        }
        ServiceProxy proxy = real().create(new Context(
                context.nodeName(),
                context.zone(),
                context.namespace(),
                context.podCidrs(),
                context.serviceCidrs(),
                context.externalCidrs(),
                context.stateDirectory(),
                options));
        return Stream.of(ProxyDefect.values())
                .filter(known -> known.name().equals(name))
                .findFirst()
                .map(defect -> defect.in(proxy))
                .orElse(proxy);
    }
}
