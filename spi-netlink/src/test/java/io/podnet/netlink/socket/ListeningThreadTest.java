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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A thread that hears the real kernel. */
class ListeningThreadTest {
    private final FreshNamespace namespace = new FreshNamespace();
    private final RouteNetlink route = namespace.call(RouteNetlink::open);
    private final NetlinkEvents events =
            namespace.call(() -> NetlinkEvents.open(LinuxNetlink.NETLINK_ROUTE, LinuxRtnetlink.RTNLGRP_LINK));
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final AtomicBoolean failing = new AtomicBoolean();

    private final NetlinkEvents.Listener listener = new NetlinkEvents.Listener() {
        @Override
        public void event(MessageReader message) {
            if (failing.getAndSet(false)) {
                throw new IllegalStateException("a listener's defect");
            }
            Links.decode(message).map(Link::name).ifPresent(told::add);
        }

        @Override
        public void overrun() {
            told.add("lost");
        }
    };

    @AfterEach
    void close() {
        events.close();
        route.close();
        namespace.close();
    }

    private @Nullable String next() throws InterruptedException {
        return told.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void eventsAreToldOnAThreadOfThatName() throws Exception {
        Thread[] hearing = new Thread[1];
        NetlinkEvents.Listener noting = new NetlinkEvents.Listener() {
            @Override
            public void event(MessageReader message) {
                hearing[0] = Thread.currentThread();
                listener.event(message);
            }

            @Override
            public void overrun() {
                listener.overrun();
            }
        };
        ListeningThread thread = ListeningThread.start("podnet-test-listening", events, noting);
        route.links().create(new Bridge(), LinkAttributes.named("br0"));
        assertThat(next()).isEqualTo("br0");
        thread.close();
        thread.close();

        assertThat(hearing[0].getName()).isEqualTo("podnet-test-listening");
        assertThat(hearing[0].isDaemon()).isTrue();
        assertThat(hearing[0].isAlive()).isFalse();
        assertThat(events.await(listener, Duration.ZERO)).isFalse();
    }

    @Test
    void beforeEachWaitSomethingIsDoneWithoutEventsToo() throws Exception {
        try (ListeningThread thread = ListeningThread.start("podnet-test-listening", events, listener, () -> {
            told.add("before a wait");
            return Duration.ofMillis(1);
        })) {
            route.links().create(new Bridge(), LinkAttributes.named("br0"));
            while (!"br0".equals(next())) {
                assertThat(thread).isNotNull();
            }
            assertThat(next()).isEqualTo("before a wait");
            assertThat(next()).isEqualTo("before a wait");
        }
    }

    @Test
    void aFailureCountsAsAnOverrunAndTheThreadHearsOn() throws Exception {
        failing.set(true);
        try (ListeningThread thread = ListeningThread.start("podnet-test-listening", events, listener)) {
            route.links().create(new Bridge(), LinkAttributes.named("br0"));
            assertThat(next()).isEqualTo("lost");
            route.links().create(new Bridge(), LinkAttributes.named("br1"));
            assertThat(next()).isEqualTo("br1");
            assertThat(thread).isNotNull();
        }
    }
}
