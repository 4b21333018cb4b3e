package io.podnet.dns.forward;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.podnet.dns.forward.SimulatedUpstreams.Sent;
import io.podnet.dns.server.PodView;
import io.podnet.dns.upstream.Timing;
import io.podnet.dns.wire.Octets;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Message;

/** Clients, servers, strangers and the clock in any order: each query gets one well-formed answer, and nothing is left. */
class ForwarderFuzzTest {
    private static final String[] NAMES = {
        "www.example.com", "WWW.example.COM", "a.b.c.d.e", "x.local", "4.3.244.10.in-addr.arpa", "stub.corp.example"
    };
    private static final int[] TYPES = {1, 28, 33, 255, 65};
    private static final int CACHE = 1 << 16;

    @FuzzTest(maxDuration = "10m")
    void anyOrder(FuzzedDataProvider data) throws IOException {
        ForwarderSettings settings = new ForwarderSettings(
                CACHE,
                8,
                4,
                data.consumeBoolean() ? DropPolicy.NEWEST : DropPolicy.OLDEST,
                Timing.DEFAULT,
                Duration.ofMillis(1_800),
                Duration.ofDays(1),
                data.consumeBoolean(),
                true);
        ForwardRoutes routes =
                Rig.stub("corp.example", Rig.group(Rig.THREE), ForwardRoutes.to(Rig.group(Rig.ONE, Rig.TWO)));
        Rig rig = Rig.with().settings(settings).routes(routes).make();
        PodView pod = Rig.pod("web", "shop.svc.cluster.local", "corp.example");
        List<RecordingSink> sinks = new ArrayList<>();
        for (int step = 0; step < 64 && data.remainingBytes() > 0; step++) {
            switch (data.consumeInt(0, 4)) {
                case 0 ->
                    sinks.add(rig.ask(Rig.query(
                            data.pickValue(NAMES),
                            data.pickValue(TYPES),
                            data.consumeBoolean(),
                            data.consumeBoolean(),
                            data.consumeBoolean() ? Optional.of(pod) : Optional.empty())));
                case 1 -> complete(rig, pod, sinks);
                case 2 -> send(rig, data);
                case 3 -> rig.pass(Duration.ofMillis(data.consumeInt(0, 5_000)));
                default -> {
                    if (!rig.network.sent().isEmpty()) {
                        data.pickValue(rig.network.sent()).fails("reset");
                    }
                }
            }
            rig.loop.run();
        }
        rig.pass(Duration.ofSeconds(60));
        for (RecordingSink sink : sinks) {
            require(sink.calls() == 1, sink.calls() + " answers to one query");
            if (sink.bytes() != null) {
                new Message(sink.bytes());
            }
        }
        require(rig.forwarder.underWay() == 0, rig.forwarder.underWay() + " slots are lost");
        require(rig.forwarder.cacheBytes() <= CACHE, "the cache holds " + rig.forwarder.cacheBytes());
        for (Sent query : rig.network.sent()) {
            require((query.query()[2] & 0xf8) == 0, "something else than a query was sent");
            require(!query.name().toString().endsWith("local."), "leaked " + query.name());
        }
    }

    private static void complete(Rig rig, PodView pod, List<RecordingSink> sinks) {
        RecordingSink sink = new RecordingSink();
        byte[] negative = Rig.query("www.example.com.shop.svc.cluster.local", 1, false, false, Optional.empty())
                .message();
        negative[2] |= (byte) 0x80;
        negative[3] = 3;
        rig.forwarder.complete(
                Rig.query("www.example.com.shop.svc.cluster.local", 1, false, false, Optional.of(pod)), negative, sink);
        sinks.add(sink);
    }

    /** A message to one of the queries, more or less to the point. */
    private static void send(Rig rig, FuzzedDataProvider data) {
        if (rig.network.sent().isEmpty()) {
            return;
        }
        Sent query = data.pickValue(rig.network.sent());
        int mode = data.consumeInt(0, 3);
        byte[] noise = data.consumeBytes(data.consumeInt(0, 300));
        if (mode == 0) {
            query.bytes(noise);
        } else if (mode == 1) {
            query.answersWith(query.name() + " " + data.consumeInt(0, 100_000) + " A 192.0.2.9");
        } else {
            byte[] front = query.query();
            // Without EDNS the question is the end.
            int questionEnd = front[11] == 0 ? front.length : front.length - 11;
            byte[] message = new byte[questionEnd + noise.length];
            System.arraycopy(front, 0, message, 0, questionEnd);
            System.arraycopy(noise, 0, message, questionEnd, noise.length);
            Octets.put16(message, 2, 0x8000 | (mode == 2 ? 0 : data.consumeInt(0, 0x7ff)));
            Octets.put16(message, 6, data.consumeInt(0, 8));
            Octets.put16(message, 8, data.consumeInt(0, 8));
            Octets.put16(message, 10, data.consumeInt(0, 2));
            query.bytes(message);
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
