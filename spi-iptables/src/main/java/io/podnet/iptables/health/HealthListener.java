package io.podnet.iptables.health;

import io.podnet.services.ServiceHealth;
import java.nio.channels.ServerSocketChannel;

/** An open port and what is answered there. For the loop's thread alone. */
final class HealthListener {
    private final ServerSocketChannel channel;
    private ServiceHealth health;

    HealthListener(ServerSocketChannel channel, ServiceHealth health) {
        this.channel = channel;
        this.health = health;
    }

    ServerSocketChannel channel() {
        return channel;
    }

    ServiceHealth health() {
        return health;
    }

    void health(ServiceHealth present) {
        health = present;
    }
}
