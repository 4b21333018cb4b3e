package io.podnet.dns.upstream;

import io.podnet.dns.response.DomainName;
import io.podnet.dns.response.Image;
import io.podnet.dns.response.Question;
import io.podnet.dns.response.Response;
import io.podnet.dns.response.ResponseReader;
import io.podnet.dns.upstream.UpstreamAttempt.Setting;
import io.podnet.dns.upstream.UpstreamAttempt.Tools;
import io.podnet.dns.wire.RecordType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * All servers that anybody forwards to, with what is known of each: one pod's bad experience spares the others the wait.
 * Only used on the {@link EventLoop}, except where a method says otherwise.
 */
public final class Upstreams {
    private static final int MOST_REMEMBERED = 4_096;

    private final Map<Key, UpstreamHealth> servers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, UpstreamHealth> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };
    private final Tools tools;
    private final Timing timing;
    private final boolean loopProbes;
    private final LoopProbes probes;
    private final UpstreamCounters counters = new UpstreamCounters();
    private int turn;
    private boolean closed;

    private record Key(int sockets, Upstream upstream) {}

    /**
     * Begins to know nothing.
     *
     * @param loop time and thread
     * @param transport how messages get there
     * @param random cryptographically strong; ids, probe names and random order come from it
     * @param timing how long servers are waited for
     * @param loopProbes whether each server is asked once for a name that only we know, to see whether it comes back
     */
    public Upstreams(
            EventLoop loop, UpstreamTransport transport, RandomGenerator random, Timing timing, boolean loopProbes) {
        this.tools = new Tools(loop, transport, random, new ResponseReader(), counters);
        this.timing = timing;
        this.loopProbes = loopProbes;
        this.probes = new LoopProbes(random);
    }

    /**
     * Asks a group of servers.
     *
     * @param group whom
     * @param question what
     * @param dnssec the DO bit
     * @param checkingDisabled the CD bit
     * @param result gets the answer once, null where there is none; possibly during this call
     * @return the lookup, to cancel it
     */
    public UpstreamLookup ask(
            UpstreamGroup group,
            Question question,
            boolean dnssec,
            boolean checkingDisabled,
            Consumer<@Nullable Image> result) {
        List<UpstreamHealth> known = new ArrayList<>(group.servers().size());
        for (Upstream upstream : group.servers()) {
            known.add(health(group.sockets(), upstream));
        }
        List<UpstreamHealth> order = group.policy().order(known, turn++, tools.random());
        UpstreamLookup lookup =
                new UpstreamLookup(new Setting(tools, question, dnssec, checkingDisabled), order, timing, result);
        lookup.start();
        return lookup;
    }

    private UpstreamHealth health(UpstreamSockets sockets, Upstream upstream) {
        Key key = new Key(System.identityHashCode(sockets), upstream);
        UpstreamHealth known = servers.get(key);
        if (known == null || known.sockets() != sockets) {
            known = new UpstreamHealth(sockets, upstream, this::probeLater);
            servers.put(key, known);
            if (loopProbes) {
                probeForLoop(known, 0);
            }
        }
        return known;
    }

    private void probeLater(UpstreamHealth server) {
        probeAfter(server, timing.firstProbe().toNanos());
    }

    private void probeAfter(UpstreamHealth server, long delay) {
        tools.loop().after(delay, () -> {
            if (closed) {
                return;
            }
            long next = Math.min(2 * delay, timing.lastProbe().toNanos());
            if (server.state() == UpstreamHealth.State.DOWN) {
                probe(server, new Question(DomainName.ROOT, RecordType.NS), () -> {}, next);
            } else if (server.state() == UpstreamHealth.State.LOOP) {
                probeForLoop(server, next);
            }
        });
    }

    private void probeForLoop(UpstreamHealth server, long next) {
        DomainName name = probes.expect(server);
        probe(
                server,
                new Question(name, RecordType.HINFO),
                () -> {
                    if (!probes.cameBack(name)) {
                        server.looping(false);
                    }
                },
                next);
    }

    private void probe(UpstreamHealth server, Question question, Runnable afterwards, long next) {
        UpstreamAttempt.Listener listener = new UpstreamAttempt.Listener() {
            @Override
            public void onResponse(UpstreamAttempt attempt, Response response) {
                afterwards.run();
                again();
            }

            @Override
            public void onFailure(UpstreamAttempt attempt) {
                again();
            }

            private void again() {
                if (next > 0 && server.state() != UpstreamHealth.State.UP) {
                    probeAfter(server, next);
                }
            }
        };
        UpstreamAttempt attempt = new UpstreamAttempt(new Setting(tools, question, false, false), server, listener);
        attempt.start();
        tools.loop().after(timing.firstTry().toNanos(), () -> {
            if (!attempt.isOver()) {
                attempt.late();
                attempt.end();
                listener.onFailure(attempt);
            }
        });
    }

    /**
     * Tells whether a client's question is a probe of ours that came back. Safe for any thread.
     *
     * @param question the question
     * @return true where it is; the server that it was sent to is out then
     */
    public boolean isOurProbe(Question question) {
        if (question.type() != RecordType.HINFO) {
            return false;
        }
        UpstreamHealth server = probes.take(question.name());
        if (server != null) {
            tools.loop().execute(() -> server.looping(true));
        }
        return server != null;
    }

    /**
     * Gives what is known of the servers.
     *
     * @return one entry for each
     */
    public List<UpstreamHealth> health() {
        return List.copyOf(servers.values());
    }

    /**
     * Gives the counters. Safe for any thread.
     *
     * @return what happened since the start
     */
    public UpstreamCounters counters() {
        return counters;
    }

    /** Ends the probes. */
    public void close() {
        closed = true;
    }
}
