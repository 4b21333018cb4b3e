package io.podnet.iptables.sync;

import io.podnet.iptables.chain.PortChains;
import io.podnet.iptables.chain.ServiceChains;
import io.podnet.iptables.thread.ProxyThread;
import io.podnet.services.VirtualPort;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Names the chains of many service ports. Each name is a SHA-256, which makes this the longest part of a comparison with
 * an empty kernel: a second thread takes half of it.
 */
final class PortNaming {
    private static final int MANY = 256;

    private PortNaming() {}

    static PortChains[] name(Collection<VirtualPort> ports, ServiceChains chains) {
        List<VirtualPort> all = List.copyOf(ports);
        PortChains[] named = new PortChains[all.size()];
        if (all.size() < MANY) {
            name(all, named, 0, all.size(), chains);
            return named;
        }
        int half = all.size() / 2;
        CompletableFuture<Void> rest = CompletableFuture.runAsync(
                () -> name(all, named, half, all.size(), chains.another()),
                task -> ProxyThread.start("podnet-iptables-names", task));
        name(all, named, 0, half, chains);
        rest.join();
        return named;
    }

    private static void name(List<VirtualPort> all, PortChains[] named, int from, int to, ServiceChains chains) {
        for (int i = from; i < to; i++) {
            named[i] = chains.name(all.get(i));
        }
    }
}
