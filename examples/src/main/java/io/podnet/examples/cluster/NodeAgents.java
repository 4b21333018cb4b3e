package io.podnet.examples.cluster;

import io.podnet.api.PodnetException;
import io.podnet.examples.agent.NodeAgent;
import io.podnet.spi.ClusterStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The nodes' agents, a thread each. Where one fails all end, and its failure is told. */
final class NodeAgents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAgents.class);

    private final Map<String, NodeAgent> agents = new LinkedHashMap<>();
    private final List<ClusterStore> stores = new ArrayList<>();
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();

    ClusterStore add(ClusterStore store) {
        stores.add(store);
        return store;
    }

    void start(String name, NodeAgent agent) {
        agents.put(name, agent);
    }

    void wake() {
        agents.values().forEach(NodeAgent::wake);
    }

    void stop() {
        agents.values().forEach(NodeAgent::stop);
    }

    int pods() {
        return agents.values().stream().mapToInt(NodeAgent::size).sum();
    }

    /** Works until {@link #stop}. */
    void run(Runnable beforeEachRound) throws InterruptedException {
        inParallel((name, agent) -> agent.run(() -> renew(beforeEachRound)));
    }

    private static void renew(Runnable beforeEachRound) {
        synchronized (beforeEachRound) {
            beforeEachRound.run();
        }
    }

    void removeAll() throws InterruptedException {
        inParallel((name, agent) -> agent.removeAll());
    }

    /** What one thread does. */
    private interface Work {
        void on(String name, NodeAgent agent) throws InterruptedException;
    }

    private void inParallel(Work work) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(agents.size());
        agents.forEach((name, agent) -> new Thread(() -> work(name, agent, work, ended), name).start());
        ended.await();
        RuntimeException first = failures.poll();
        if (first != null) {
            throw first;
        }
    }

    private void work(String name, NodeAgent agent, Work work, CountDownLatch ended) {
        try {
            work.on(name, agent);
        } catch (RuntimeException e) {
            LOG.error("node {} ends: {}", name, e.getMessage());
            failures.add(e);
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    @Override
    public void close() {
        for (NodeAgent agent : agents.values()) {
            try {
                agent.close();
            } catch (PodnetException e) {
                LOG.warn("closing a node: {}", e.getMessage());
            }
        }
        agents.clear();
        stores.forEach(ClusterStore::close);
        stores.clear();
    }
}
