package io.podnet.netlink.namespace;

import io.podnet.api.PodnetException;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * The life of one thread that may leave home: take a task, do it, go home, prove it, let the caller go on. A thread that
 * cannot get home ends there and then and never takes another task.
 */
final class NamespaceThread implements Runnable {
    private final HomeNamespaces home;
    private final BlockingQueue<Hop<?>> hops;
    private final Hop<?> end;
    private final Consumer<Boolean> ending;

    /**
     * @param home where it belongs
     * @param hops where its tasks come from
     * @param end the task that ends it
     * @param ending told on the thread itself, before the last caller goes on, whether the thread got lost
     */
    NamespaceThread(HomeNamespaces home, BlockingQueue<Hop<?>> hops, Hop<?> end, Consumer<Boolean> ending) {
        this.home = home;
        this.hops = hops;
        this.end = end;
        this.ending = ending;
    }

    @Override
    public void run() {
        FileIdentity identity = new FileIdentity();
        // An embedder's own thread may have made this one from another namespace.
        if (!home.enter(HomeNamespaces.KINDS, identity)) {
            ending.accept(true);
            refuseOne();
            return;
        }
        while (true) {
            Hop<?> hop = next();
            if (hop == end) {
                ending.accept(false);
                return;
            }
            hop.run();
            boolean atHome = home.enter(hop.leaves(), identity);
            if (!atHome) {
                ending.accept(true);
            }
            hop.finish();
            if (!atHome) {
                return;
            }
        }
    }

    private void refuseOne() {
        Hop<?> hop = hops.poll();
        if (hop != null) {
            hop.refuse(new PodnetException.PermissionDenied(
                    "a namespace thread cannot enter the namespaces of its own process; CAP_SYS_ADMIN is needed in the"
                            + " user namespace that owns them",
                    null));
            hop.finish();
        }
    }

    private Hop<?> next() {
        while (true) {
            try {
                return hops.take();
            } catch (InterruptedException e) {
                // Nobody owns this thread but its pool, which does not end it this way.
                Thread.interrupted();
            }
        }
    }
}
