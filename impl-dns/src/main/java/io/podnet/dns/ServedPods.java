package io.podnet.dns;

import io.podnet.api.PodId;
import io.podnet.api.PodnetException;
import io.podnet.dns.server.DnsServer;
import io.podnet.dns.server.PodView;
import io.podnet.dns.wire.WireName;
import io.podnet.spi.NameResolver.ResolvConf;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The pods that a resolver knows: what the resolv.conf of each says, and its sockets where that names the resolver. Safe
 * for any thread.
 */
final class ServedPods {
    private static final int NDOTS = 1;

    private record Served(ResolvConf conf, PodView view, DnsServer.@Nullable Listening listening) {}

    private final Map<PodId, Served> pods = new HashMap<>();
    private boolean refusing;
    private boolean closed;

    /** Adds a pod, its sockets opened meanwhile; one that asks others has none. */
    synchronized void add(PodId pod, ResolvConf conf, Function<PodView, DnsServer.@Nullable Listening> open) {
        if (refusing) {
            throw new PodnetException.Conflict(
                    "the resolver is closed or draining; pod " + pod + " is not served any more");
        }
        if (pods.containsKey(pod)) {
            throw new PodnetException.Conflict("pod " + pod + " is served already; detach it first");
        }
        PodView view = new PodView(pod, searches(conf), ndots(conf));
        pods.put(pod, new Served(conf, view, open.apply(view)));
    }

    private static List<byte[]> searches(ResolvConf conf) {
        return conf.searches().stream()
                .filter(search -> !search.equals("."))
                .map(WireName::of)
                .toList();
    }

    private static int ndots(ResolvConf conf) {
        return conf.options().stream()
                .filter(option -> option.matches("ndots:[0-9]{1,2}"))
                .mapToInt(option -> Integer.parseInt(option.substring("ndots:".length())))
                .findFirst()
                .orElse(NDOTS);
    }

    /** A pod that asks the resolver; one that asks others is a Conflict. */
    synchronized PodView asking(PodId pod) {
        Served served = pods.get(pod);
        if (served == null) {
            throw new PodnetException.NotFound("the resolver does not know pod " + pod);
        }
        if (served.listening() == null) {
            throw new PodnetException.Conflict("pod " + pod + " does not ask this resolver: its resolv.conf names "
                    + served.conf().nameservers() + " (DNS policy Default or None)");
        }
        return served.view();
    }

    /** Has something done to a pod that asks the resolver, which it does all that while. */
    synchronized void whileAsking(PodId pod, Runnable change) {
        asking(pod);
        change.run();
    }

    /** Forgets a pod; its sockets are the caller's to close, null where it has none. */
    synchronized DnsServer.@Nullable Listening remove(PodId pod) {
        Served served = pods.remove(pod);
        return served == null ? null : served.listening();
    }

    /** Takes no pod any more. */
    synchronized void refuse() {
        refusing = true;
    }

    synchronized boolean refusing() {
        return refusing;
    }

    /** Forgets all pods and takes none any more; false where that was done before. */
    synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        refusing = true;
        pods.clear();
        return first;
    }
}
