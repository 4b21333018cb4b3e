package io.podnet.examples.explain;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodId;
import io.podnet.api.PodPhase;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetException;
import io.podnet.examples.state.NodeFacts;
import io.podnet.examples.state.NodeFactsStore;
import io.podnet.examples.state.ServiceRecord;
import io.podnet.examples.state.ServiceStore;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceProxyProvider.NodeView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node as its state directory has it.
 *
 * @param facts what is known of the node
 * @param services its services
 * @param pods its pods' records
 */
record Situation(NodeFacts facts, List<ServiceRecord> services, List<AttachmentRecord> pods) {
    /** Who sends a packet: an address, and the node's interface that it arrives by; a name for people. */
    record Sender(IpAddress ip, Optional<String> inInterface, String name) {}

    static Situation load(Path state) {
        List<AttachmentRecord> pods = Podnet.records(state).stream()
                .filter(record -> record.phase() == PodPhase.RUNNING)
                .toList();
        return new Situation(new NodeFactsStore(state).load(), new ServiceStore(state).list(), pods);
    }

    NodeView view() {
        return new NodeView(
                facts.nodeName(),
                Optional.of(facts.zone()).filter(zone -> !zone.isEmpty()),
                nodeAddresses(),
                cidrs(facts.podCidrs()),
                cidrs(facts.serviceCidrs()),
                cidrs(facts.externalCidrs()),
                facts.proxyOptions());
    }

    List<IpAddress> nodeAddresses() {
        return facts.addresses().stream().map(IpAddress::parse).toList();
    }

    private static List<Cidr> cidrs(List<String> texts) {
        return texts.stream().map(text -> Cidr.parse(text.strip())).toList();
    }

    ServiceChanges desired() {
        List<io.podnet.api.Service> all = new ArrayList<>();
        services.forEach(record -> record.service().ifPresent(all::add));
        return ServiceChanges.complete(
                all,
                services.stream()
                        .flatMap(record -> record.endpointSlices().stream())
                        .toList());
    }

    Optional<PodId> podAt(IpAddress ip) {
        return pods.stream()
                .filter(record ->
                        record.status().map(status -> status.ips().contains(ip)).orElse(false))
                .map(record -> record.spec().id())
                .findFirst();
    }

    /** The address that a process of the node sends from: the bridge's towards its pods, else one of the node's networks. */
    private Optional<IpAddress> nodeAddressTowards(IpAddress destination) {
        List<Cidr> pods = cidrs(facts.podCidrs());
        boolean toPod = pods.stream().anyMatch(cidr -> cidr.contains(destination));
        List<IpAddress> own = nodeAddresses().stream()
                .filter(ip -> ip.family() == destination.family() && !ip.isLinkLocal())
                .toList();
        return own.stream()
                .filter(ip -> pods.stream().anyMatch(cidr -> cidr.contains(ip)) == toPod)
                .findFirst()
                .or(() -> own.stream().findFirst());
    }

    /** Finds a sender by what the user calls it, and gives its address towards a destination. */
    Sender sender(String from, IpAddress destination) {
        IpFamily family = destination.family();
        if (from.equals("node")) {
            IpAddress own = nodeAddressTowards(destination)
                    .orElseThrow(() -> new PodnetException.NotFound(
                            "node " + facts.nodeName() + " has no " + family + " address"));
            return new Sender(own, Optional.empty(), "node " + facts.nodeName());
        }
        if (from.contains("/")) {
            String[] names = from.split("/", 2);
            PodId id = new PodId(names[0], names[1]);
            return addressesOf(id).stream()
                    .filter(ip -> ip.family() == family)
                    .findFirst()
                    .map(ip -> new Sender(ip, Optional.of(facts.podInterface()), "pod " + id))
                    .orElseThrow(
                            () -> new PodnetException.NotFound("pod " + id + " has no " + family + " address here"));
        }
        return sender(IpAddress.parse(from));
    }

    private Sender sender(IpAddress ip) {
        if (nodeAddresses().contains(ip)) {
            return new Sender(ip, Optional.empty(), "node " + facts.nodeName());
        }
        // Which interface it is does not matter, as long as it is none of the pods'.
        return podAt(ip)
                .map(pod -> new Sender(ip, Optional.of(facts.podInterface()), "pod " + pod))
                .orElse(new Sender(ip, Optional.of("outside"), "outside"));
    }

    /** The address that decides a family where the destination is a service's name. */
    Optional<IpAddress> anyAddressOf(String from) {
        if (from.equals("node")) {
            return Optional.empty();
        }
        if (!from.contains("/")) {
            return Optional.of(IpAddress.parse(from));
        }
        String[] names = from.split("/", 2);
        List<IpAddress> own = addressesOf(new PodId(names[0], names[1]));
        return own.stream().map(IpAddress::family).distinct().count() == 1
                ? own.stream().findFirst()
                : Optional.empty();
    }

    private List<IpAddress> addressesOf(PodId id) {
        return pods.stream()
                .filter(record -> record.spec().id().equals(id))
                .flatMap(record -> record.status().stream())
                .map(status -> status.ips())
                .findFirst()
                .orElseThrow(() -> new PodnetException.NotFound("there is no pod " + id + " on node " + facts.nodeName()
                        + "; the command pods lists those that are there"));
    }
}
