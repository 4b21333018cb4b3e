package io.podnet.iptables;

import io.podnet.api.Condition;
import io.podnet.api.Drift;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Packet;
import io.podnet.api.Phase;
import io.podnet.api.Plan;
import io.podnet.api.PodnetException;
import io.podnet.api.ServiceId;
import io.podnet.iptables.DesiredState.Taken;
import io.podnet.iptables.thread.ProxyThread;
import io.podnet.services.ModelChange;
import io.podnet.services.ServicePlan;
import io.podnet.services.ServicePortName;
import io.podnet.services.VirtualPort;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceProxy;
import io.podnet.spi.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The proxy: takes steps, answers questions, and has a thread of its own write rules. Safe for any thread. */
final class IptablesServiceProxy implements ServiceProxy {
    private static final Logger LOG = LoggerFactory.getLogger(IptablesServiceProxy.class);

    private final DesiredState desired;
    private final List<FamilyProgrammer> families;
    private final NodeFacts facts;
    private final UdpAftermath udp;
    private final OtherBackend other;
    private final Announcements announcements;
    private final SyncLoop loop;
    private final List<String> lacks;
    private final ProxyOptions options;
    private final Telemetry telemetry;
    private final Deque<AutoCloseable> opened;
    private final ProxyThread thread;
    private boolean ended;

    IptablesServiceProxy(
            DesiredState desired,
            List<FamilyProgrammer> families,
            NodeFacts facts,
            UdpAftermath udp,
            OtherBackend other,
            Announcements announcements,
            SyncLoop loop,
            List<String> lacks,
            ProxyOptions options,
            Telemetry telemetry,
            Deque<AutoCloseable> opened) {
        this.desired = desired;
        this.families = List.copyOf(families);
        this.facts = facts;
        this.udp = udp;
        this.other = other;
        this.announcements = announcements;
        this.loop = loop;
        this.lacks = List.copyOf(lacks);
        this.options = options;
        this.telemetry = telemetry;
        this.opened = opened;
        this.thread = ProxyThread.start("podnet-iptables", loop);
    }

    @Override
    public long apply(ServiceChanges changes) {
        requireOpen();
        Taken taken = telemetry.observe(Phase.SERVICES_MODEL, "", () -> desired.apply(changes));
        ModelChange change = taken.change();
        change.refused()
                .forEach(refused ->
                        announcements.tell(listener -> listener.onExternalIpRefused(refused.service(), refused.ip())));
        change.noEndpoints()
                .forEach(name -> announcements.tell(listener -> listener.onNoEndpoints(
                        name.service(), Optional.of(name.port()).filter(port -> !port.isEmpty()))));
        change.lostClaims().forEach(lost -> LOG.warn("{}", lost));
        return taken.generation();
    }

    private synchronized void requireOpen() {
        if (ended) {
            throw new IllegalStateException("this service proxy is closed");
        }
    }

    @Override
    public boolean awaitProgrammed(long generation, Duration timeout) {
        return desired.awaitProgrammed(generation, timeout);
    }

    @Override
    public boolean awaitProgrammed(ServiceId service, Duration timeout) {
        return desired.awaitProgrammed(service, timeout);
    }

    @Override
    public Plan plan(ServiceChanges changes) {
        ModelChange change = desired.ask(model -> model.preview(changes));
        List<Plan.Step> steps = new ArrayList<>(ServicePlan.of(change).steps());
        Map<IpFamily, Map<ServicePortName, Optional<VirtualPort>>> pending =
                desired.take().updates();
        for (FamilyProgrammer family : families) {
            // Relative to the kernel: what is pending already would be written with it.
            Map<ServicePortName, Optional<VirtualPort>> updates =
                    new HashMap<>(pending.getOrDefault(family.family(), Map.of()));
            change.ports(family.family()).forEach(port -> updates.put(port.name(), port.after()));
            steps.addAll(family.plan(updates));
        }
        return new Plan(steps);
    }

    @Override
    public Explanation explain(Packet packet) {
        List<IpAddress> addresses = facts.addresses();
        Explanation byModel = desired.ask(model -> model.explain(packet, addresses));
        List<String> steps = new ArrayList<>(byModel.steps());
        for (FamilyProgrammer family : families) {
            if (family.family() == packet.destination().family()) {
                List<VirtualPort> ports = desired.ask(model -> model.ports(family.family()));
                steps.addAll(new ChainTrace(family.settings(), ports).steps(packet, addresses, byModel.verdict()));
            }
        }
        return new Explanation(steps, byModel.verdict(), byModel.candidates());
    }

    @Override
    public List<Drift> check() {
        requireOpen();
        List<Drift> drift = new ArrayList<>();
        families.forEach(family -> drift.addAll(family.check()));
        return drift;
    }

    @Override
    public List<EndpointCount> counters(ServiceId service) {
        requireOpen();
        List<VirtualPort> ports = desired.ask(model -> model.ports(service));
        List<EndpointCount> counts = new ArrayList<>();
        for (FamilyProgrammer family : families) {
            List<VirtualPort> own = ports.stream()
                    .filter(port -> port.family() == family.family())
                    .toList();
            if (!own.isEmpty()) {
                counts.addAll(new EndpointCounters(family.settings()).read(family.tool(), own));
            }
        }
        return counts;
    }

    @Override
    public void addListener(ServiceProxyListener listener) {
        announcements.add(listener);
    }

    @Override
    public Condition status() {
        OptionalLong behind = desired.pendingNanos();
        String tools = tools();
        Optional<PodnetException> failure = loop.failure();
        if (behind.isPresent() && behind.getAsLong() > 2 * options.syncPeriod().toNanos()) {
            return new Condition(
                    Condition.Code.NOT_READY,
                    "SyncQueueStuck",
                    "changes have waited for " + behind.getAsLong() / 1_000_000_000 + " s; " + tools
                            + failure.map(why -> "; last failure: " + why.getMessage())
                                    .orElse(""));
        }
        if (failure.isPresent()) {
            return new Condition(
                    Condition.Code.LIMITED,
                    "SyncFailed",
                    "the last write failed and is tried again: " + failure.get().getMessage() + "; " + tools);
        }
        if (!lacks.isEmpty()) {
            return new Condition(
                    Condition.Code.LIMITED,
                    "OneFamily",
                    "no IPv6 services: " + String.join("; ", lacks) + "; " + tools);
        }
        return new Condition(Condition.Code.READY, "Ready", tools);
    }

    private String tools() {
        List<String> all = new ArrayList<>();
        for (FamilyProgrammer family : families) {
            all.add(family.tool().tool().name() + " keeps "
                    + family.acknowledged().size() + " service ports in " + family.chains() + " chains");
        }
        return String.join(", ", all);
    }

    @Override
    public void cleanUp() {
        requireOpen();
        stop();
        List<VirtualPort> ports = loop.ports();
        List<PodnetException> failures = new ArrayList<>();
        for (FamilyProgrammer family : families) {
            try {
                family.remove();
            } catch (PodnetException e) {
                failures.add(e);
            }
        }
        try {
            other.remove();
        } catch (PodnetException e) {
            failures.add(e);
        }
        try {
            udp.forgetAll(ports, loop.nodePortAddresses());
        } catch (PodnetException e) {
            failures.add(e);
        }
        close();
        if (!failures.isEmpty()) {
            throw new PodnetException.Incomplete(
                    "not all rules of services could be removed; start a proxy and clean up again", failures);
        }
    }

    private void stop() {
        loop.end();
        desired.end();
        thread.join();
    }

    @Override
    public void close() {
        stop();
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        ProxyParts.closeAll(opened);
    }
}
