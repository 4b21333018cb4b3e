package io.podnet.api;

import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceProxy;
import io.podnet.spi.ServiceProxyProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Proxies that write down what they are told, by state directory. */
public final class RecordingProxyProvider implements ServiceProxyProvider {
    static final Map<Path, RecordingProxy> MADE = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return "recording";
    }

    @Override
    public ServiceProxy create(Context context) {
        if (context.options().containsKey("broken")) {
            throw new PodnetException.Unsupported("the tool is missing; install it");
        }
        RecordingProxy proxy = new RecordingProxy(context);
        MADE.put(context.stateDirectory(), proxy);
        return proxy;
    }

    @Override
    public ServiceProxy.Explanation explain(NodeView node, ServiceChanges desired, Packet packet) {
        return new ServiceProxy.Explanation(List.of(), ServiceProxy.Verdict.PASS, List.of());
    }
}
