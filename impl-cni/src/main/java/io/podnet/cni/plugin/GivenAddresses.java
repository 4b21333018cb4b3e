package io.podnet.cni.plugin;

import io.podnet.api.AttachmentId;
import io.podnet.api.Condition;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniIp;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.PluginConfig;
import io.podnet.spi.AddressRange;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.AttachmentStore;
import io.podnet.spi.Ipam;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The Ipam of a network whose addresses another CNI plugin gives: each attachment has those that its record says. They are
 * that plugin's to keep apart and to take back.
 */
final class GivenAddresses implements Ipam {
    private final List<AddressRangeSet> networks;
    private final AttachmentStore attachments;

    GivenAddresses(List<AddressRangeSet> networks, AttachmentStore attachments) {
        this.networks = networks;
        this.attachments = attachments;
    }

    /** What the IPAM plugin answered for an attachment; empty for one that it was not asked about. */
    static Optional<CniResult> of(AttachmentRecord record) {
        Optional<String> config =
                Optional.ofNullable(record.spec().annotations().get(PodRequest.CONFIG));
        Optional<String> given = Optional.ofNullable(record.spec().annotations().get(PodRequest.IPAM_RESULT));
        return given.map(text -> CniResult.read(
                JsonObject.parse("addresses of " + record.id(), text),
                PluginConfig.read(JsonObject.parse("record of " + record.id(), config.orElse("{}")))
                        .version()));
    }

    /** The networks that answers are of, in an order that does not depend on who was asked when. */
    static List<AddressRangeSet> networks(Stream<CniResult> results, boolean gateway) {
        return results.flatMap(result -> result.ips().stream())
                .map(ip -> network(ip, gateway))
                .distinct()
                .sorted(Comparator.comparing(range -> range.subnet().network()))
                .map(range -> new AddressRangeSet(List.of(range)))
                .toList();
    }

    private static AddressRange network(CniIp ip, boolean gateway) {
        AddressRange whole = AddressRange.of(ip.address().cidr());
        // As the reference's calcGateways: a bridge that is a gateway needs an address.
        Optional<IpAddress> own = gateway ? ip.gateway().or(whole::gateway) : ip.gateway();
        return new AddressRange(whole.subnet(), whole.rangeStart(), whole.rangeEnd(), own, List.of());
    }

    private Lease leaseOf(AttachmentId owner, List<IpAddress> addresses) {
        return new Lease(owner, preview(addresses), true);
    }

    @Override
    public Lease reserve(AttachmentId owner, List<IpAddress> requested) {
        return leaseOf(owner, requested);
    }

    @Override
    public void commit(AttachmentId owner) {}

    @Override
    public List<IpAddress> release(AttachmentId owner) {
        return attachments
                .read(owner)
                .map(record -> record.spec().requestedIps())
                .orElse(List.of());
    }

    @Override
    public Optional<Lease> lease(AttachmentId owner) {
        return attachments
                .read(owner)
                .map(record -> leaseOf(owner, record.spec().requestedIps()));
    }

    @Override
    public List<Lease> list() {
        return attachments.list().stream()
                .map(record -> leaseOf(record.id(), record.spec().requestedIps()))
                .toList();
    }

    @Override
    public List<Assignment> preview(List<IpAddress> requested) {
        return requested.stream().map(this::assignment).toList();
    }

    private Assignment assignment(IpAddress address) {
        return networks.stream()
                .flatMap(set -> set.ranges().stream())
                .filter(range -> range.subnet().contains(address))
                .findFirst()
                .map(range -> new Assignment(
                        new InterfaceAddress(address, range.subnet().prefixLength()), range.gateway()))
                .orElseThrow(() -> new PodnetException.Invalid("address " + address + " is in no network of " + networks
                        + ", which the IPAM plugin's answers are of"));
    }

    @Override
    public Set<AttachmentId> gc(Set<AttachmentId> valid) {
        return Set.of();
    }

    @Override
    public Fill status() {
        return new Fill(Condition.READY, 0, 0, 0);
    }

    @Override
    public void close() {}
}
