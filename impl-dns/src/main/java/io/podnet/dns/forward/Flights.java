package io.podnet.dns.forward;

import io.podnet.api.Phase;
import io.podnet.dns.forward.ForwarderCounters.Event;
import io.podnet.dns.response.Image;
import io.podnet.dns.upstream.EventLoop;
import io.podnet.dns.upstream.Upstreams;
import io.podnet.dns.wire.ExtendedError;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseCode;
import io.podnet.spi.telemetry.Observation;
import io.podnet.spi.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is being looked up, and for whom. On the loop only. */
final class Flights {
    private static final Logger LOG = LoggerFactory.getLogger(Flights.class);
    private static final int STALE_TTL = 30;
    // RFC 8767 section 5: the failure recheck timer.
    private static final Duration STALE_RECHECK = Duration.ofSeconds(30);

    private final Map<CacheKey, Flight> flights = new HashMap<>();
    private final Set<Waiter> waiting = new LinkedHashSet<>();
    private final EventLoop loop;
    private final Upstreams upstreams;
    private final AnswerCache cache;
    private final Slots slots;
    private final ForwarderSettings settings;
    private final ForwarderCounters counters;
    private final Telemetry telemetry;
    private boolean closed;

    Flights(
            EventLoop loop,
            Upstreams upstreams,
            AnswerCache cache,
            Slots slots,
            ForwarderSettings settings,
            ForwarderCounters counters,
            Telemetry telemetry) {
        this.loop = loop;
        this.upstreams = upstreams;
        this.cache = cache;
        this.slots = slots;
        this.settings = settings;
        this.counters = counters;
        this.telemetry = telemetry;
    }

    /** Takes a query. */
    void join(CacheKey key, Waiter waiter) {
        if (closed) {
            release(waiter);
            waiter.target().fail(ResponseCode.SERVFAIL, ExtendedError.NONE);
            return;
        }
        if (waiter.slot()) {
            waiting.add(waiter);
            waiter.client().waiting().add(waiter);
        }
        // While it was handed over, the same lookup may have ended.
        Cached cached = cache.get(key, loop.nanos());
        if (cached.fresh() || cached.failed()) {
            settle(waiter, cached);
            return;
        }
        Flight flight = flights.get(key);
        if (flight != null) {
            counters.count(Event.JOINED);
            flight.waiters().add(waiter);
            if (flight.isStaleServed()) {
                serveStale(flight);
            }
        } else {
            counters.count(Event.MISS);
            start(key, cached, waiter);
        }
        makeRoom(waiter.client());
    }

    private void start(CacheKey key, Cached cached, Waiter waiter) {
        Flight flight = new Flight(key, cached, observation(key));
        flight.waiters().add(waiter);
        flights.put(key, flight);
        if (cached.staleImage() != null) {
            flight.staleTimer(loop.after(settings.staleAfter().toNanos(), () -> serveStale(flight)));
        }
        flight.lookup(upstreams.ask(
                key.group(), flight.question(), key.dnssec(), key.checkingDisabled(), image -> finish(flight, image)));
    }

    /** A name becomes text only where somebody wants to know. */
    private Observation observation(CacheKey key) {
        return telemetry.isOn(Phase.NAMES_FORWARD)
                ? telemetry.begin(Phase.NAMES_FORWARD, key.name().toString(), RecordType.mnemonic(key.type()))
                : telemetry.begin(Phase.NAMES_FORWARD, "", "");
    }

    private void serveStale(Flight flight) {
        flight.staleIsServed();
        for (Waiter waiter : flight.takeWaiters()) {
            settle(waiter, flight.before());
        }
    }

    private void finish(Flight flight, @Nullable Image image) {
        flights.remove(flight.key());
        flight.end();
        long now = loop.nanos();
        Cached result;
        if (image != null) {
            flight.observation().succeeded();
            cache.put(flight.key(), image, now);
            result = new Cached(image, 0, true, false);
        } else {
            counters.count(Event.FAILED);
            flight.observation().failed("no server answered");
            boolean stale = flight.before().image() != null;
            cache.putFailure(flight.key(), stale ? STALE_RECHECK : Duration.ZERO, now);
            result = flight.before();
        }
        for (Waiter waiter : flight.takeWaiters()) {
            settle(waiter, result);
        }
    }

    /** Ends a query with what there is. */
    private void settle(Waiter waiter, Cached cached) {
        release(waiter);
        give(waiter.target(), cached, counters);
    }

    static void give(AnswerTarget target, Cached cached, ForwarderCounters counters) {
        try {
            tell(target, cached, counters);
        } catch (RuntimeException e) {
            // The others who wait for the same answer must get it all the same.
            LOG.error("an answer could not be given to its client", e);
        }
    }

    private static void tell(AnswerTarget target, Cached cached, ForwarderCounters counters) {
        Image image = cached.image();
        if (image == null) {
            boolean known = cached.failed();
            target.fail(
                    ResponseCode.SERVFAIL, known ? ExtendedError.CACHED_ERROR : ExtendedError.NO_REACHABLE_AUTHORITY);
        } else if (cached.fresh()) {
            target.answer(image, cached.age(), 0, ExtendedError.NONE);
        } else {
            counters.count(Event.STALE);
            target.answer(image, Integer.MAX_VALUE, STALE_TTL, ExtendedError.STALE_ANSWER);
        }
    }

    private void release(Waiter waiter) {
        if (waiter.slot()) {
            waiting.remove(waiter);
            waiter.client().waiting().remove(waiter);
            slots.giveBack(waiter.client());
        }
    }

    private void makeRoom(ForwardClient client) {
        if (settings.dropPolicy() == DropPolicy.OLDEST) {
            while (slots.tooMany(client) && !client.waiting().isEmpty()) {
                drop(client.waiting());
            }
            while (slots.tooMany() && !waiting.isEmpty()) {
                drop(waiting);
            }
        }
    }

    private void drop(Set<Waiter> from) {
        Iterator<Waiter> oldest = from.iterator();
        Waiter waiter = oldest.next();
        release(waiter);
        flights.values().forEach(flight -> flight.waiters().remove(waiter));
        counters.count(Event.DROPPED);
        waiter.target().drop();
    }

    void close() {
        closed = true;
        new ArrayList<>(flights.values()).forEach(Flight::cancel);
    }
}
