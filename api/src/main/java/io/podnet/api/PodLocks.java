package io.podnet.api;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * One pod serial, different pods parallel, garbage collection alone: what kubelet's PluginManager and CNI's rules ask
 * of the caller, enforced here so that no provider has to.
 */
final class PodLocks {
    private static final class Counted {
        private final ReentrantLock lock = new ReentrantLock();
        private int users;
    }

    private final ConcurrentHashMap<PodId, Counted> pods = new ConcurrentHashMap<>();
    private final ReentrantReadWriteLock all = new ReentrantReadWriteLock();

    <T> T forPod(PodId pod, Supplier<T> work) {
        Lock shared = all.readLock();
        shared.lock();
        try {
            Counted counted = enter(pod);
            counted.lock.lock();
            try {
                return work.get();
            } finally {
                counted.lock.unlock();
                leave(pod);
            }
        } finally {
            shared.unlock();
        }
    }

    <T> T alone(Supplier<T> work) {
        Lock exclusive = all.writeLock();
        exclusive.lock();
        try {
            return work.get();
        } finally {
            exclusive.unlock();
        }
    }

    private Counted enter(PodId pod) {
        return pods.compute(pod, (id, present) -> {
            Counted counted = present == null ? new Counted() : present;
            counted.users++;
            return counted;
        });
    }

    private void leave(PodId pod) {
        pods.computeIfPresent(pod, (id, counted) -> --counted.users == 0 ? null : counted);
    }
}
