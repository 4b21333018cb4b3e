package io.podnet.conformance;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodNetwork;
import io.podnet.api.Protocol;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A pod in which servers may run. */
final class TestPod implements AutoCloseable {
    private final LabNode node;
    private final PodNetwork network;
    private final Servers servers;
    private final List<Closeable> running = new ArrayList<>();

    TestPod(LabNode node, PodNetwork network, Servers servers) {
        this.node = node;
        this.network = network;
        this.servers = servers;
    }

    String name() {
        return network.id().name();
    }

    PodNetwork network() {
        return network;
    }

    LabNode node() {
        return node;
    }

    IpAddress ip(IpFamily family) {
        return network.ips().stream()
                .filter(ip -> ip.family() == family)
                .findFirst()
                .orElseThrow();
    }

    /** The node's address towards this pod, which masqueraded clients have. */
    IpAddress gateway(IpFamily family) {
        return network.status().gateways().stream()
                .filter(ip -> ip.family() == family)
                .findFirst()
                .orElseThrow();
    }

    Client client() {
        return Client.in(Sockets.of(network.sandbox()));
    }

    TestPod serve(Protocol protocol, int port) throws IOException {
        for (IpAddress ip : network.ips()) {
            running.add(servers.open(Sockets.of(network.sandbox()), ip, protocol, port, name()));
        }
        return this;
    }

    void setReady(boolean ready) {
        node.podnet().setReady(network.id(), ready);
    }

    void terminate() {
        node.podnet().terminating(network.id());
    }

    void evict() throws IOException {
        stopServers();
        node.podnet().ended(network.id());
    }

    private void stopServers() throws IOException {
        for (Closeable server : running) {
            server.close();
        }
        running.clear();
    }

    /** Deletes the pod, its servers first. */
    @Override
    public void close() throws IOException {
        stopServers();
        node.podnet().tearDown(network.id());
    }
}
