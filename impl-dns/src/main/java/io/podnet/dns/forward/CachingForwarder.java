package io.podnet.dns.forward;

import io.podnet.api.PodId;
import io.podnet.dns.forward.ForwarderCounters.Event;
import io.podnet.dns.response.DomainName;
import io.podnet.dns.response.Image;
import io.podnet.dns.response.Question;
import io.podnet.dns.search.ForeignNames;
import io.podnet.dns.search.SearchCompletion;
import io.podnet.dns.server.Forwarder;
import io.podnet.dns.server.LocalAnswers;
import io.podnet.dns.server.PodView;
import io.podnet.dns.server.QueryContext;
import io.podnet.dns.server.ReplySink;
import io.podnet.dns.upstream.EventLoop;
import io.podnet.dns.upstream.UpstreamGroup;
import io.podnet.dns.upstream.Upstreams;
import io.podnet.dns.wire.ExtendedError;
import io.podnet.dns.wire.ResponseCode;
import io.podnet.spi.telemetry.Telemetry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link Forwarder}: for each query, may this client ask for that name at all, whom, is there an answer already, is
 * somebody else waiting for the same one; then upstream. Kept answers are given on the calling thread, everything else
 * happens on one loop, so that serving threads never wait. Safe for any thread.
 */
public final class CachingForwarder implements Forwarder {
    private static final Logger LOG = LoggerFactory.getLogger(CachingForwarder.class);
    private static final long CLOSE_SECONDS = 5;

    private final EventLoop loop;
    private final Upstreams upstreams;
    private final AnswerCache cache;
    private final Slots slots;
    private final Flights flights;
    private final ForwarderCounters counters = new ForwarderCounters();
    private final SpecialNames special;
    private final SearchCompletion completion;
    private final boolean completes;
    private final ForwardClient others;
    private final List<AutoCloseable> owned;
    private final Map<PodId, ForwardClient> pods = new ConcurrentHashMap<>();
    private volatile ForwardClient.Routed routes;
    private volatile ForwardPolicy policy;
    private volatile boolean closed;

    /**
     * Makes a forwarder.
     *
     * @param loop its thread
     * @param upstreams asks servers, on the same loop
     * @param scope what it serves
     * @param settings its bounds
     * @param policy who may ask for what
     * @param local the cluster's own answers, for search completion
     * @param owned closed with this, in order
     * @param telemetry is told of each query that is forwarded
     */
    public CachingForwarder(
            EventLoop loop,
            Upstreams upstreams,
            ForwardScope scope,
            ForwarderSettings settings,
            ForwardPolicy policy,
            LocalAnswers local,
            List<AutoCloseable> owned,
            Telemetry telemetry) {
        this.owned = List.copyOf(owned);
        this.loop = loop;
        this.upstreams = upstreams;
        this.policy = policy;
        this.routes = ForwardClient.Routed.of(scope.routes());
        this.cache = new AnswerCache(settings.cacheBytes(), settings.maxStale());
        this.slots = new Slots(settings.slots(), settings.slotsPerPod(), settings.dropPolicy());
        this.flights = new Flights(loop, upstreams, cache, slots, settings, counters, telemetry);
        this.special = new SpecialNames(scope.clusterDomain(), scope.networks());
        this.completion = new SearchCompletion(local);
        this.completes = settings.searchCompletion();
        this.others = new ForwardClient(Optional.empty(), this::routes);
    }

    @Override
    public void forward(QueryContext query, ReplySink sink) {
        Question question = new Question(DomainName.of(query.name()), query.type());
        if (!query.recursionDesired()) {
            // Only what others asked for could be told, which is nobody's business.
            counters.count(Event.REFUSED);
            sink.fail(ResponseCode.REFUSED, ExtendedError.NOT_AUTHORITATIVE);
            return;
        }
        resolve(
                client(query.pod().map(PodView::pod)),
                question,
                query.dnssecOk(),
                query.checkingDisabled(),
                new SinkTarget(question, sink),
                true);
    }

    private record SinkTarget(Question question, ReplySink sink) implements AnswerTarget {
        @Override
        public void answer(Image image, int age, int leastTtl, ExtendedError why) {
            byte[] message = image.toMessage(question, age, leastTtl);
            sink.reply(message, message.length, why);
        }

        @Override
        public void fail(int rcode, ExtendedError why) {
            sink.fail(rcode, why);
        }

        @Override
        public void drop() {
            sink.drop();
        }
    }

    private ForwardClient client(Optional<PodId> pod) {
        return pod.isEmpty() ? others : pods.computeIfAbsent(pod.get(), id -> new ForwardClient(pod, this::routes));
    }

    private ForwardClient.Routed routes() {
        return routes;
    }

    private void resolve(
            ForwardClient client, Question question, boolean dnssec, boolean cd, AnswerTarget target, boolean bounded) {
        if (closed) {
            target.fail(ResponseCode.SERVFAIL, ExtendedError.NONE);
            return;
        }
        if (upstreams.isOurProbe(question)) {
            target.fail(ResponseCode.NXDOMAIN, ExtendedError.NONE);
            return;
        }
        DomainName name = question.name();
        if (!policy.allows(client.pod(), name, question.type())) {
            refuse(target, ExtendedError.BLOCKED);
            return;
        }
        Optional<UpstreamGroup> group = client.stub(name);
        if (group.isEmpty()) {
            Optional<Image> answer = special.answer(question);
            if (answer.isPresent()) {
                counters.count(Event.SPECIAL);
                target.answer(answer.get(), 0, 0, ExtendedError.NONE);
                return;
            }
            group = client.upstreams();
        }
        if (group.isEmpty()) {
            refuse(target, ExtendedError.PROHIBITED);
            return;
        }
        CacheKey key = new CacheKey(group.get(), name, question.type(), dnssec, cd);
        Cached cached = cache.get(key, loop.nanos());
        if (cached.fresh() || cached.failed()) {
            counters.count(Event.HIT);
            Flights.give(target, cached, counters);
            return;
        }
        if (!bounded) {
            flights.join(key, new Waiter(client, target, false));
        } else if (slots.take(client)) {
            loop.execute(() -> flights.join(key, new Waiter(client, target, true)));
        } else {
            counters.count(Event.DROPPED);
            target.fail(ResponseCode.SERVFAIL, ExtendedError.OVERLOADED);
        }
    }

    private void refuse(AnswerTarget target, ExtendedError why) {
        counters.count(Event.REFUSED);
        target.fail(ResponseCode.REFUSED, why);
    }

    /** A completion is one query under way, however many names it tries one after the other. */
    @Override
    public void complete(QueryContext query, byte[] negative, ReplySink sink) {
        ForwardClient client = client(query.pod().map(PodView::pod));
        Optional<DomainName> base = completes ? completion.baseOf(query) : Optional.empty();
        if (closed || base.isEmpty() || !query.recursionDesired() || !slots.take(client)) {
            sink.reply(negative.clone(), negative.length, ExtendedError.NONE);
            return;
        }
        ForeignNames names = (question, target) ->
                resolve(client, question, query.dnssecOk(), query.checkingDisabled(), new ImageTarget(target), false);
        loop.execute(() -> completion.complete(query, base.get(), names, answer -> {
            slots.giveBack(client);
            byte[] message = answer.isPresent() ? answer.get().toMessage() : negative.clone();
            sink.reply(message, message.length, ExtendedError.NONE);
        }));
    }

    private record ImageTarget(ForeignNames.Target target) implements AnswerTarget {
        @Override
        public void answer(Image image, int age, int leastTtl, ExtendedError why) {
            target.accept(Optional.of(image));
        }

        @Override
        public void fail(int rcode, ExtendedError why) {
            target.accept(Optional.empty());
        }

        @Override
        public void drop() {
            target.accept(Optional.empty());
        }
    }

    @Override
    public boolean completes() {
        return completes;
    }

    @Override
    public BooleanSupplier recursion(Optional<PodId> pod) {
        return client(pod)::recursion;
    }

    /**
     * Changes whom the names of all clients are forwarded to that have no routes of their own; the next query sees it.
     *
     * @param changed the routes
     */
    public void setRoutes(ForwardRoutes changed) {
        routes = ForwardClient.Routed.of(changed);
    }

    /**
     * Changes whom a pod's names are forwarded to; the next query sees it.
     *
     * @param pod the pod
     * @param changed its routes
     */
    public void setRoutes(PodId pod, ForwardRoutes changed) {
        client(Optional.of(pod)).route(changed);
    }

    /**
     * Gives whom a pod's names are forwarded to.
     *
     * @param pod the pod
     * @return its routes
     */
    public ForwardRoutes routesOf(PodId pod) {
        return client(Optional.of(pod)).routes();
    }

    /**
     * Gives a pod the routes of all others again; the next query sees it.
     *
     * @param pod the pod
     */
    public void resetRoutes(PodId pod) {
        client(Optional.of(pod)).routeAsOthers();
    }

    /**
     * Changes who may ask for what; the next query sees it.
     *
     * @param changed the policy
     */
    public void setPolicy(ForwardPolicy changed) {
        policy = changed;
    }

    @Override
    public void forgetPod(PodId pod) {
        pods.remove(pod);
    }

    /**
     * Gives the counters.
     *
     * @return what happened since the start
     */
    public ForwarderCounters counters() {
        return counters;
    }

    /**
     * Gives the memory of kept answers.
     *
     * @return bytes, an estimate from above
     */
    public long cacheBytes() {
        return cache.weight();
    }

    /**
     * Counts queries under way.
     *
     * @return how many
     */
    public int underWay() {
        return slots.used();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(() -> {
            upstreams.close();
            flights.close();
            done.countDown();
        });
        try {
            done.await(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (AutoCloseable one : owned) {
            try {
                one.close();
            } catch (Exception e) {
                LOG.warn("closing the forwarder: {} did not close: {}", one, e.toString());
            }
        }
    }
}
