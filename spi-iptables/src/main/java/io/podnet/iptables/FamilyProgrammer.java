package io.podnet.iptables;

import io.podnet.api.Drift;
import io.podnet.api.IpFamily;
import io.podnet.api.Phase;
import io.podnet.api.Plan.Step;
import io.podnet.api.PodnetException;
import io.podnet.iptables.chain.EmitterSettings;
import io.podnet.iptables.chain.ServiceChains;
import io.podnet.iptables.restore.RuleTool;
import io.podnet.iptables.sync.Convergence;
import io.podnet.iptables.sync.FamilyRules;
import io.podnet.iptables.sync.KernelImage;
import io.podnet.iptables.sync.Removal;
import io.podnet.iptables.sync.RestoreText;
import io.podnet.iptables.sync.RuleChange;
import io.podnet.services.ServicePortName;
import io.podnet.services.VirtualPort;
import io.podnet.spi.telemetry.Telemetry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one family of the kernel at the services. It reads what is there at first and after a failure, and otherwise
 * knows it; nothing counts as written before the tool said so. Writes come from one thread at a time; readers from any.
 */
final class FamilyProgrammer {
    private static final Logger LOG = LoggerFactory.getLogger(FamilyProgrammer.class);

    private final RuleTool tool;
    private final RuleWatch watch;
    private final Telemetry telemetry;
    private EmitterSettings settings;
    private RestoreText text;
    private final FamilyRules acknowledged;
    private @Nullable KernelImage ahead;
    private boolean known;
    private int chains;

    FamilyProgrammer(RuleTool tool, RuleWatch watch, EmitterSettings settings, Telemetry telemetry) {
        this.tool = tool;
        this.watch = watch;
        this.telemetry = telemetry;
        this.settings = settings;
        this.text = new RestoreText(settings, tool.tool().flavour());
        this.acknowledged = new FamilyRules(settings);
    }

    IpFamily family() {
        return settings.family();
    }

    RuleTool tool() {
        return tool;
    }

    synchronized EmitterSettings settings() {
        return settings;
    }

    synchronized boolean isKnown() {
        return known;
    }

    synchronized int chains() {
        return chains;
    }

    /** Other rules for the same services: everything is compared at the next write. */
    synchronized void reconfigure(EmitterSettings changed) {
        if (!changed.equals(settings)) {
            settings = changed;
            text = new RestoreText(changed, tool.tool().flavour());
            acknowledged.reconfigure(changed);
            known = false;
        }
    }

    /**
     * Writes what differs.
     *
     * @param updates service ports that changed since the last write
     * @param all all service ports, asked for where the kernel's state is not known
     * @return true where something was written
     */
    boolean program(Map<ServicePortName, Optional<VirtualPort>> updates, Supplier<Collection<VirtualPort>> all) {
        if (!isKnown()) {
            return programAll(all.get());
        }
        RuleChange change = observe(Phase.SERVICES_PLAN, () -> difference(updates));
        boolean written = write(change);
        synchronized (this) {
            acknowledged.acknowledge(updates);
            count(acknowledged.ports());
        }
        return written;
    }

    private synchronized RuleChange difference(Map<ServicePortName, Optional<VirtualPort>> updates) {
        return acknowledged.change(updates);
    }

    private <T> T observe(Phase phase, Supplier<T> work) {
        return telemetry.observe(phase, family().toString(), work);
    }

    /** Reads what is there before the first services come, so that their write need not wait for it. */
    void readAhead() {
        watch.looked();
        KernelImage image = read();
        synchronized (this) {
            ahead = known ? null : image;
        }
    }

    private KernelImage present() {
        KernelImage image;
        synchronized (this) {
            image = ahead;
            ahead = null;
        }
        if (image == null || watch.isSuspect()) {
            LOG.atDebug()
                    .addKeyValue("family", family())
                    .log("rules are read{}", image == null ? "" : " again: somebody changed them meanwhile");
            return read();
        }
        return image;
    }

    private boolean programAll(Collection<VirtualPort> ports) {
        EmitterSettings present = settings();
        long begun = System.nanoTime();
        KernelImage image = present();
        long read = System.nanoTime();
        RuleChange change = observe(
                Phase.SERVICES_PLAN,
                () -> new Convergence(present, false).compare(ports, FamilyRules.isLarge(ports), image));
        long compared = System.nanoTime();
        boolean written = write(change);
        LOG.atDebug()
                .addKeyValue("family", family())
                .log(
                        "rules read in {} us, compared with {} service ports in {} us, written in {} us",
                        (read - begun) / 1000,
                        ports.size(),
                        (compared - read) / 1000,
                        (System.nanoTime() - compared) / 1000);
        synchronized (this) {
            acknowledged.acknowledgeAll(ports);
            count(ports);
            known = present.equals(settings);
        }
        return written;
    }

    private void count(Collection<VirtualPort> ports) {
        chains = 0;
        for (VirtualPort port : ports) {
            chains += ServiceChains.count(port);
        }
    }

    private KernelImage read() {
        return observe(Phase.SERVICES_READ_BACK, () -> {
            KernelImage image = new KernelImage();
            tool.save(false, image);
            return image;
        });
    }

    private boolean write(RuleChange change) {
        if (change.isEmpty()) {
            return false;
        }
        RestoreText writer;
        synchronized (this) {
            writer = text;
        }
        try {
            return observe(Phase.SERVICES_WRITE, () -> {
                watch.whileWriting(() -> restore(writer, change));
                return true;
            });
        } catch (PodnetException | IllegalArgumentException e) {
            synchronized (this) {
                known = false;
            }
            throw e;
        }
    }

    private void restore(RestoreText writer, RuleChange change) {
        try {
            tool.restore(writer.source(change));
        } catch (PodnetException.KernelRejected e) {
            if (!writer.isAccelerated(change) || !e.object().contains("'-S'")) {
                throw e;
            }
            // An iptables-nft that takes no listing among its input is slow, but works.
            writer.neverAccelerate();
            tool.restore(writer.source(change));
        }
    }

    /** Whether somebody else may have changed rules since the last look. */
    boolean isSuspect() {
        return isKnown() && watch.isSuspect();
    }

    /** Compares and puts right. */
    List<Drift> repair() {
        watch.looked();
        Convergence convergence = new Convergence(settings(), true);
        RuleChange change = compare(convergence);
        write(change);
        return convergence.drift();
    }

    /** Compares. */
    List<Drift> check() {
        Convergence convergence = new Convergence(settings(), true);
        compare(convergence);
        return convergence.drift();
    }

    private RuleChange compare(Convergence convergence) {
        KernelImage image = read();
        List<VirtualPort> ports;
        synchronized (this) {
            ports = List.copyOf(acknowledged.ports());
        }
        return convergence.compare(ports, FamilyRules.isLarge(ports), image);
    }

    List<Step> plan(Map<ServicePortName, Optional<VirtualPort>> updates) {
        return difference(updates).steps();
    }

    synchronized Optional<VirtualPort> acknowledged(ServicePortName name) {
        return acknowledged.port(name);
    }

    synchronized List<VirtualPort> acknowledged() {
        return List.copyOf(acknowledged.ports());
    }

    /** Removes all our rules. */
    void remove() {
        KernelImage image = read();
        if (!image.isEmpty()) {
            tool.restore(Removal.source(image));
        }
        synchronized (this) {
            known = false;
            acknowledged.acknowledgeAll(List.of());
            chains = 0;
        }
    }
}
