package io.podnet.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.netlink.FreshNamespace;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.route.Bridge;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.Links;
import io.podnet.netlink.route.LinuxRtnetlink;
import io.podnet.netlink.route.RouteNetlink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Multicast events of the real kernel. */
class NetlinkEventsKernelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FreshNamespace namespace = new FreshNamespace();
    private final RouteNetlink route = namespace.call(RouteNetlink::open);
    private final NetlinkEvents events =
            namespace.call(() -> NetlinkEvents.open(LinuxNetlink.NETLINK_ROUTE, LinuxRtnetlink.RTNLGRP_LINK));
    private final List<String> seen = new ArrayList<>();
    private int overruns;

    private final NetlinkEvents.Listener listener = new NetlinkEvents.Listener() {
        @Override
        public void event(MessageReader message) {
            String verb = message.type() == LinuxRtnetlink.RTM_DELLINK ? "gone " : "here ";
            Links.decode(message).map(Link::name).ifPresent(name -> seen.add(verb + name));
        }

        @Override
        public void overrun() {
            overruns++;
        }
    };

    @AfterEach
    void close() {
        events.close();
        route.close();
        namespace.close();
    }

    @Test
    void changesAreSeen() {
        route.links().create(new Bridge(), LinkAttributes.named("br0"));
        route.links().delete("br0");
        while (!seen.contains("gone br0")) {
            assertThat(events.await(listener, PATIENCE)).isTrue();
        }
        assertThat(seen).startsWith("here br0").endsWith("gone br0");
        assertThat(overruns).isZero();
    }

    @Test
    void silenceEndsAfterTheTime() {
        assertThat(events.await(listener, Duration.ofMillis(1))).isTrue();
        assertThat(seen).isEmpty();
    }

    @Test
    void lostEventsAreTold() {
        route.links().create(new Bridge(), LinkAttributes.named("br0").up());
        // A link that is up tells each change of its alias, in some kilobytes: together more than the queue holds.
        for (int i = 0; i < 6_000; i++) {
            route.links().change("br0", LinkAttributes.none().alias("alias " + i));
        }
        assertThat(events.await(listener, PATIENCE)).isTrue();
        assertThat(overruns).isPositive();
        seen.clear();
        route.links().delete("br0");
        while (!seen.contains("gone br0")) {
            assertThat(events.await(listener, PATIENCE)).isTrue();
        }
    }

    @Test
    void anotherThreadEndsTheWait() throws InterruptedException {
        CountDownLatch waiting = new CountDownLatch(1);
        AtomicBoolean open = new AtomicBoolean(true);
        Thread waiter = new Thread(() -> {
            waiting.countDown();
            while (open.get()) {
                open.set(events.await(listener, Duration.ofHours(1)));
            }
        });
        waiter.start();
        assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
        events.close();
        waiter.join(10_000);
        assertThat(waiter.isAlive()).isFalse();
        assertThat(open).isFalse();
        events.close();
        assertThat(events.await(listener, PATIENCE)).isFalse();
    }
}
