package io.podnet.iptables.chain;

import io.podnet.api.Cidr;
import io.podnet.services.LocalDetector;
import java.util.List;
import java.util.Optional;

/** How rules tell packets of local pods from others: kube-proxy's LocalTrafficDetector (pkg/proxy/util/localdetector.go). */
final class LocalSources {
    private final boolean all;
    private final List<Cidr> cidrs;
    private final Optional<String> interfaces;

    LocalSources(EmitterSettings settings) {
        this.all = settings.masqueradeAll();
        LocalDetector detector = settings.localDetector();
        this.cidrs = detector instanceof LocalDetector.SourceCidrs sources
                ? sources.cidrs().stream()
                        .filter(cidr -> cidr.family() == settings.family())
                        .sorted(java.util.Comparator.comparing(Cidr::network).thenComparingInt(Cidr::prefixLength))
                        .toList()
                : List.of();
        if (detector instanceof LocalDetector.BridgeInterface bridge) {
            this.interfaces = Optional.of(bridge.name());
        } else if (detector instanceof LocalDetector.InterfaceNamePrefix prefix) {
            this.interfaces = Optional.of(prefix.prefix() + "+");
        } else {
            this.interfaces = Optional.empty();
        }
    }

    /**
     * Matches of a rule for traffic of others, and where they jump to.
     *
     * @param matches source and destination, in iptables-save's order
     * @param target the chain
     */
    record Foreign(String matches, String target) {}

    /** Empty where nobody is foreign. */
    Optional<Foreign> foreign(String destination) {
        if (all) {
            return Optional.of(new Foreign(destination, FixedChains.MARK_MASQ));
        }
        if (interfaces.isPresent()) {
            return Optional.of(new Foreign(destination + "! -i " + interfaces.get() + " ", FixedChains.MARK_MASQ));
        }
        if (cidrs.isEmpty() || cidrs.stream().anyMatch(cidr -> cidr.prefixLength() == 0)) {
            return Optional.empty();
        }
        // One rule can exclude one network only; for several there is a chain.
        return Optional.of(
                cidrs.size() == 1
                        ? new Foreign("! " + RuleWords.from(cidrs.get(0)) + destination, FixedChains.MARK_MASQ)
                        : new Foreign(destination, FixedChains.MARK_FOREIGN));
    }

    /** The networks that {@link FixedChains#MARK_FOREIGN} lets pass; empty where the chain is not needed. */
    List<Cidr> severalNetworks() {
        return all || cidrs.size() < 2 || foreign("").isEmpty() ? List.of() : cidrs;
    }

    /** Matches of local pods' traffic, one rule each. */
    List<String> local() {
        return interfaces
                .map(name -> List.of("-i " + name + " "))
                .orElseGet(() -> cidrs.stream().map(RuleWords::from).toList());
    }
}
