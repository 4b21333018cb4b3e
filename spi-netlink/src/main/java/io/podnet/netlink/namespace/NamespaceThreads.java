package io.podnet.netlink.namespace;

import io.podnet.api.NamespaceRef;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import java.util.Set;
import java.util.concurrent.LinkedTransferQueue;

/**
 * The one kind of thread on which Podnet enters, makes and leaves namespaces: a few dedicated platform threads that take
 * a short task in, do it inside, and are proved to be at home again before the caller goes on. One that cannot get home
 * is thrown away with the namespace it hangs in, and a caller's thread makes a fresh one.
 *
 * <p>Safe for any thread, virtual ones too: the caller only waits. Closing ends the threads after the tasks they have;
 * handles, sockets and pins that were made stay.
 */
public final class NamespaceThreads implements AutoCloseable {
    /** How many threads suffice: namespace creation by more than this many at once gets slower, not faster. */
    public static final int DEFAULT_THREADS = 2;

    private static final Set<NamespaceKind> NET_ONLY = Set.of(NamespaceKind.NET);
    private static final Set<NamespaceKind> NOTHING = Set.of();

    private final HomeNamespaces home = new HomeNamespaces();
    private final LinkedTransferQueue<Hop<?>> hops = new LinkedTransferQueue<>();
    private final Hop<Boolean> end = new Hop<>(NOTHING, () -> true);
    private final Object lock = new Object();
    private final int most;
    private int living;
    private int made;
    private int lost;
    private boolean closed;

    /** Prepares {@link #DEFAULT_THREADS} threads, which start when there is something to do. */
    public NamespaceThreads() {
        this(DEFAULT_THREADS);
    }

    /**
     * Prepares some threads, which start when there is something to do.
     *
     * @param most how many, 1 to 16
     */
    public NamespaceThreads(int most) {
        if (most < 1 || most > 16) {
            throw new IllegalArgumentException(most + " namespace threads: 1 to 16 make sense");
        }
        this.most = most;
    }

    /**
     * Does a task inside a namespace and waits for it, a few tens of microseconds above the task's own time. An
     * interrupt does not shorten the wait; the flag is kept.
     *
     * @param namespace where to do it; may be closed by others meanwhile
     * @param task system calls and opening of channels only, see {@link NamespaceTask}
     * @param <T> what it brings back
     * @param <X> what it may throw
     * @return what the task returned
     * @throws X what the task threw
     * @throws io.podnet.api.PodnetException where the kernel does not let the thread in
     * @throws IllegalStateException after close, or from inside another task
     */
    public <T, X extends Exception> T callIn(NamespaceRef namespace, NamespaceTask<T, X> task) throws X {
        if (!(namespace instanceof NetworkNamespace ours)) {
            return this.<T, X>callIn(namespace.fd(), namespace, task);
        }
        int fd = ours.handle().acquire();
        try {
            return this.<T, X>callIn(fd, namespace, task);
        } finally {
            ours.handle().release();
        }
    }

    private <T, X extends Exception> T callIn(int fd, NamespaceRef namespace, NamespaceTask<T, X> task) throws X {
        Hop<T> hop = new Hop<>(NET_ONLY, () -> {
            int entered = Libc.instance().setns(fd, NamespaceKind.NET.cloneFlag());
            if (entered < 0) {
                throw Refusal.of("setns", namespace.toString(), entered);
            }
            return task.call();
        });
        return this.<T, X>run(hop);
    }

    /**
     * Makes namespaces, pins them, and does a task inside them, all in one go. On failure nothing stays.
     *
     * @param wanted which kinds, and where to pin them
     * @param inside what to do in the fresh namespaces, for example open a netlink socket
     * @param <T> what it brings back
     * @param <X> what it may throw
     * @return handles of the namespaces and the task's result, to be closed
     * @throws X what the task threw
     * @throws io.podnet.api.PodnetException.Conflict where a pin exists already
     * @throws IllegalStateException after close, or from inside another task
     */
    public <T, X extends Exception> MadeNamespaces<T> make(NewNamespaces wanted, NamespaceTask<T, X> inside) throws X {
        return new NamespaceMaker<T, X>(wanted, inside).make(this);
    }

    /**
     * Makes one network namespace without a pin.
     *
     * @return a handle, to be closed; with it goes the namespace
     */
    public NetworkNamespace makeUnpinned() {
        return make(NewNamespaces.network(), () -> true).network();
    }

    /**
     * Begins a task inside a namespace, while the caller goes on: waking a namespace thread may take longer than all else
     * that the caller has to do meanwhile.
     *
     * @param namespace where to do it; may be closed by others meanwhile
     * @param task system calls only, see {@link NamespaceTask}
     * @return what somebody has to wait for, in any case
     * @throws IllegalStateException after close, or from inside another task
     */
    public BegunTask beginIn(NamespaceHandle namespace, NamespaceTask<Boolean, RuntimeException> task) {
        int fd = namespace.acquire();
        NamespaceKind kind = namespace.kind();
        Hop<Boolean> hop = new Hop<>(Set.of(kind), () -> {
            int entered = Libc.instance().setns(fd, kind.cloneFlag());
            if (entered < 0) {
                throw Refusal.of("setns", namespace.toString(), entered);
            }
            return task.call();
        });
        try {
            begin(hop);
        } catch (RuntimeException e) {
            namespace.release();
            throw e;
        }
        return new BegunTask(hop, () -> revive(hop), namespace::release);
    }

    /** Does a task that itself leaves home, for the given kinds. */
    <T, X extends Exception> T callLeaving(Set<NamespaceKind> kinds, NamespaceTask<T, X> task) throws X {
        return this.<T, X>run(new Hop<>(kinds, task));
    }

    /**
     * Does a task on a thread of its own that ends afterwards, for what cannot be undone, such as unsharing the file
     * system context. Some 0.2 ms above the task's own time.
     *
     * @param task system calls and opening of channels only, see {@link NamespaceTask}
     * @param <T> what it brings back
     * @param <X> what it may throw
     * @return what the task returned
     * @throws X what the task threw
     * @throws IllegalStateException from inside another task
     */
    public <T, X extends Exception> T callOnThrowAwayThread(NamespaceTask<T, X> task) throws X {
        refuseInside();
        Hop<T> hop = new Hop<>(NOTHING, task);
        Runnable work = () -> {
            hop.run();
            hop.finish();
        };
        new Carrier("podnet-namespace-once", work).start();
        hop.await(() -> {});
        return hop.<X>outcome();
    }

    /**
     * Counts the threads that could not get home and were thrown away.
     *
     * @return how many since the beginning; 0 unless the process's namespaces belong to a user namespace that it has no
     *     rights in, which costs a new thread each time but nothing else
     */
    public int lostThreads() {
        synchronized (lock) {
            return lost;
        }
    }

    private <T, X extends Exception> T run(Hop<T> hop) throws X {
        begin(hop);
        hop.await(() -> revive(hop));
        return hop.<X>outcome();
    }

    private void begin(Hop<?> hop) {
        refuseInside();
        if (!hops.tryTransfer(hop)) {
            startOneIfThereIsRoom();
            hops.add(hop);
        }
    }

    private static void refuseInside() {
        if (Thread.currentThread() instanceof Carrier) {
            throw new IllegalStateException("a task inside a namespace cannot go into another one");
        }
    }

    /** For a caller whose task nobody may be left to take. */
    private void revive(Hop<?> hop) {
        synchronized (lock) {
            if (living == 0 && hops.contains(hop)) {
                startOneIfThereIsRoom();
            }
        }
    }

    private void startOneIfThereIsRoom() {
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("these namespace threads are closed");
            }
            if (living < most) {
                NamespaceThread life = new NamespaceThread(home, hops, end, this::ended);
                new Carrier("podnet-namespace-" + ++made, life).start();
                living++;
            }
        }
    }

    private void ended(boolean isLost) {
        synchronized (lock) {
            living--;
            if (isLost) {
                lost++;
            }
            if (closed && living == 0) {
                home.close();
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            if (living == 0) {
                home.close();
            }
            for (int i = 0; i < living; i++) {
                hops.add(end);
            }
        }
    }

    /** A platform thread that inherits nothing that could keep its maker's objects alive. */
    private static final class Carrier extends Thread {
        Carrier(String name, Runnable life) {
            super(null, life, name, 0, false);
            setDaemon(true);
            setContextClassLoader(null);
        }
    }
}
