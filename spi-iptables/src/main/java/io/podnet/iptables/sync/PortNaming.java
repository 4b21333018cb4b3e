package io.podnet.iptables.sync;

import io.podnet.iptables.chain.PortChains;
import io.podnet.iptables.chain.ServiceChains;
import io.podnet.services.VirtualPort;
import java.util.Collection;
import java.util.List;

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
        Throwable[] failure = new Throwable[1];
        Thread other = new Thread(
                null, () -> name(all, named, half, all.size(), chains.another()), "podnet-iptables-names", 0, false);
        other.setDaemon(true);
        other.setUncaughtExceptionHandler((thread, thrown) -> failure[0] = thrown);
        other.start();
        name(all, named, 0, half, chains);
        join(other);
        if (failure[0] != null) {
            throw new IllegalStateException("naming chains failed", failure[0]);
        }
        return named;
    }

    private static void name(List<VirtualPort> all, PortChains[] named, int from, int to, ServiceChains chains) {
        for (int i = from; i < to; i++) {
            named[i] = chains.name(all.get(i));
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
