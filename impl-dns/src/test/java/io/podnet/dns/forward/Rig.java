package io.podnet.dns.forward;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodId;
import io.podnet.dns.response.DomainName;
import io.podnet.dns.server.LocalAnswers;
import io.podnet.dns.server.PodView;
import io.podnet.dns.server.QueryContext;
import io.podnet.dns.upstream.Upstream;
import io.podnet.dns.upstream.UpstreamGroup;
import io.podnet.dns.upstream.UpstreamPolicy;
import io.podnet.dns.upstream.UpstreamSockets;
import io.podnet.dns.upstream.Upstreams;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.WireName;
import io.podnet.spi.telemetry.Telemetry;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/** A forwarder with a clock, a network and chance of the test's own. */
public final class Rig {
    public static final Upstream ONE = Upstream.of(IpAddress.parse("192.0.2.1"));
    public static final Upstream TWO = Upstream.of(IpAddress.parse("192.0.2.2"));
    public static final Upstream THREE = Upstream.of(IpAddress.parse("192.0.2.3"));
    public static final UpstreamSockets SOCKETS = new UpstreamSockets() {
        @Override
        public DatagramChannel datagram(IpFamily family) {
            throw new AssertionError("no real socket here");
        }

        @Override
        public SocketChannel stream(IpFamily family) {
            throw new AssertionError("no real socket here");
        }
    };

    public final VirtualLoop loop = new VirtualLoop();
    public final SimulatedUpstreams network = new SimulatedUpstreams();
    public final Upstreams upstreams;
    public final CachingForwarder forwarder;

    /** What a test may want otherwise. */
    public static final class Choice {
        private ForwarderSettings settings = quiet(ForwarderSettings.DEFAULT);
        private ForwardRoutes routes = ForwardRoutes.to(group(ONE, TWO));
        private ForwardPolicy policy = ForwardPolicy.ALLOW_ALL;
        private LocalAnswers local = (query, length, answer) -> LocalAnswers.NOT_OURS;
        private List<Cidr> networks = List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("2001:db8:77::/56"));
        private RandomGenerator random = new Random(1);

        public Choice settings(ForwarderSettings chosen) {
            settings = chosen;
            return this;
        }

        public Choice routes(ForwardRoutes chosen) {
            routes = chosen;
            return this;
        }

        public Choice policy(ForwardPolicy chosen) {
            policy = chosen;
            return this;
        }

        public Choice local(LocalAnswers chosen) {
            local = chosen;
            return this;
        }

        public Choice random(RandomGenerator chosen) {
            random = chosen;
            return this;
        }

        public Rig make() {
            return new Rig(this);
        }
    }

    public static Choice with() {
        return new Choice();
    }

    private Rig(Choice choice) {
        upstreams = new Upstreams(loop, network, choice.random, choice.settings.timing(), choice.settings.loopProbes());
        forwarder = new CachingForwarder(
                loop,
                upstreams,
                new ForwardScope(DomainName.parse("cluster.local"), choice.networks, choice.routes),
                choice.settings,
                choice.policy,
                choice.local,
                List.of(),
                Telemetry.of("node"));
    }

    /** Without probes, so that each query that is sent is one that was asked. */
    public static ForwarderSettings quiet(ForwarderSettings from) {
        return new ForwarderSettings(
                from.cacheBytes(),
                from.slots(),
                from.slotsPerPod(),
                from.dropPolicy(),
                from.timing(),
                from.staleAfter(),
                from.maxStale(),
                false,
                from.searchCompletion());
    }

    public static UpstreamGroup group(Upstream... servers) {
        return new UpstreamGroup(SOCKETS, List.of(servers), UpstreamPolicy.SEQUENTIAL);
    }

    public static ForwardRoutes stub(String zone, UpstreamGroup group, ForwardRoutes rest) {
        return new ForwardRoutes(rest.upstreams(), Map.of(DomainName.parse(zone), group));
    }

    public RecordingSink ask(String name, int type) {
        return ask(query(name, type, false, false, Optional.empty()));
    }

    public RecordingSink ask(QueryContext query) {
        RecordingSink sink = new RecordingSink();
        forwarder.forward(query, sink);
        loop.run();
        return sink;
    }

    public List<RecordingSink> askOften(int count, String name, int type) {
        List<RecordingSink> sinks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sinks.add(ask(name, type));
        }
        return sinks;
    }

    public void pass(Duration time) {
        loop.pass(time);
    }

    public static QueryContext query(String name, int type, boolean dnssec, boolean cd, Optional<PodView> pod) {
        byte[] asWritten = WireName.asIs(name);
        byte[] message = new byte[12 + asWritten.length + 4];
        Octets.put16(message, 0, 4_711);
        Octets.put16(message, 2, 0x100);
        Octets.put16(message, 4, 1);
        System.arraycopy(asWritten, 0, message, 12, asWritten.length);
        Octets.put16(message, 12 + asWritten.length, type);
        Octets.put16(message, 14 + asWritten.length, RecordType.CLASS_IN);
        return new QueryContext(message, message.length, WireName.of(name), type, true, cd, dnssec, false, pod);
    }

    public static PodView pod(String name, String... searches) {
        List<byte[]> list = new ArrayList<>();
        for (String search : searches) {
            list.add(WireName.of(search));
        }
        return new PodView(new PodId("shop", name), list, 5);
    }
}
