package io.podnet.cni.host;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.podnet.api.Bandwidth;
import io.podnet.api.Cidr;
import io.podnet.api.DnsConfig;
import io.podnet.api.IpAddress;
import io.podnet.api.PodSpec;
import io.podnet.api.PodnetException;
import io.podnet.cni.runtime.Attachment;
import io.podnet.cni.spec.BandwidthLimits;
import io.podnet.cni.spec.CniArgs;
import io.podnet.cni.spec.CniDns;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.NetworkConfigList;
import io.podnet.cni.spec.RuntimeConfig;
import io.podnet.spi.AttachmentRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a pod wants, in CNI's words. Pure. */
final class PodArguments {
    // As for Podnet's own limits: 10 ms, but at least 16 KiB; in bits.
    private static final long LEAST_BURST = 16 * 1024 * 8;
    private static final int BURSTS_PER_SECOND = 100;

    private PodArguments() {}

    /**
     * Makes an attachment of a record.
     *
     * @throws PodnetException.Invalid where the pod wants something that no plugin of the network declares
     */
    static Attachment of(AttachmentRecord record, NetworkConfigList network, List<Cidr> podCidrs) {
        requireCapabilities(record.spec(), network);
        try {
            return new Attachment(
                    record.id().sandboxId(),
                    record.netns().toString(),
                    record.id().ifName(),
                    args(record),
                    capabilityArgs(record.spec(), network, podCidrs));
        } catch (CniException e) {
            throw new PodnetException.Invalid("pod " + record.spec().id() + ": " + e.error(), e);
        }
    }

    private static void requireCapabilities(PodSpec spec, NetworkConfigList network) {
        Set<String> declared = declared(network);
        require(declared, "portMappings", "host ports", !spec.hostPorts().isEmpty(), network);
        require(declared, "bandwidth", "bandwidth limits", spec.bandwidth().isLimited(), network);
        require(declared, "ips", "requested addresses", !spec.requestedIps().isEmpty(), network);
    }

    private static void require(
            Set<String> declared, String capability, String what, boolean wanted, NetworkConfigList network) {
        if (wanted && !declared.contains(capability)) {
            throw new PodnetException.Invalid(
                    "network " + network.name() + " has no " + what + ": no plugin of it declares the capability '"
                            + capability + "'; it would be left undone silently");
        }
    }

    static Set<String> declared(NetworkConfigList network) {
        Set<String> declared = new TreeSet<>();
        network.plugins().forEach(plugin -> declared.addAll(plugin.capabilities()));
        return declared;
    }

    private static CniArgs args(AttachmentRecord record) {
        Map<String, String> args = new LinkedHashMap<>();
        args.put(CniArgs.IGNORE_UNKNOWN, "1");
        args.put(CniArgs.POD_NAMESPACE, record.spec().id().namespace());
        args.put(CniArgs.POD_NAME, record.spec().id().name());
        args.put(CniArgs.INFRA_CONTAINER_ID, record.id().sandboxId());
        record.spec().uid().ifPresent(uid -> args.put(CniArgs.POD_UID, uid));
        return new CniArgs(args);
    }

    private static RuntimeConfig capabilityArgs(PodSpec spec, NetworkConfigList network, List<Cidr> podCidrs) {
        RuntimeConfig told = RuntimeConfig.EMPTY;
        if (!spec.hostPorts().isEmpty()) {
            told = told.withPortMappings(spec.hostPorts());
        }
        if (spec.bandwidth().isLimited()) {
            told = told.withBandwidth(limits(spec.bandwidth()));
        }
        if (!spec.requestedIps().isEmpty()) {
            told = told.withIps(
                    spec.requestedIps().stream().map(IpAddress::toString).toList());
        }
        if (!spec.dnsConfig().equals(DnsConfig.EMPTY)) {
            told = told.withDns(dns(spec.dnsConfig()));
        }
        told = told.withAliases(network.name(), List.of(spec.effectiveHostname()));
        JsonObject more = told.json().with("ipRanges", ranges(podCidrs));
        if (!spec.annotations().isEmpty()) {
            var annotations = JsonObject.newNode();
            new TreeMap<>(spec.annotations()).forEach(annotations::put);
            more = more.with("io.kubernetes.cri.pod-annotations", annotations);
        }
        return new RuntimeConfig(more);
    }

    private static BandwidthLimits limits(Bandwidth bandwidth) {
        long ingress = bandwidth.ingressBitsPerSecond().orElse(0);
        long egress = bandwidth.egressBitsPerSecond().orElse(0);
        return new BandwidthLimits(ingress, burst(ingress), egress, burst(egress));
    }

    private static long burst(long rate) {
        return rate == 0 ? 0 : Math.max(LEAST_BURST, rate / BURSTS_PER_SECOND);
    }

    private static CniDns dns(DnsConfig config) {
        return new CniDns(
                config.nameservers().stream().map(IpAddress::toString).toList(),
                "",
                config.searches(),
                new TreeMap<>(config.options())
                        .entrySet().stream()
                                .map(option -> option.getValue().isEmpty()
                                        ? option.getKey()
                                        : option.getKey() + ":" + option.getValue())
                                .toList());
    }

    private static ArrayNode ranges(List<Cidr> podCidrs) {
        ArrayNode sets = JsonObject.newNode().arrayNode();
        podCidrs.forEach(cidr -> sets.addArray().addObject().put("subnet", cidr.toString()));
        return sets;
    }
}
