package io.podnet.examples.manifest;

import io.podnet.api.DnsConfig;
import io.podnet.api.DnsPolicy;
import io.podnet.api.HostAlias;
import io.podnet.api.IpAddress;
import io.podnet.api.Names;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads one {@code v1/Pod}. */
final class PodReader {
    private static final int DEFAULT_GRACE_SECONDS = 30;
    private static final int MAX_GRACE_SECONDS = 86_400;
    private static final Set<String> READ = Set.of(
            "containers",
            "restartPolicy",
            "terminationGracePeriodSeconds",
            "dnsPolicy",
            "dnsConfig",
            "hostAliases",
            "hostname",
            "subdomain",
            "setHostnameAsFQDN",
            "nodeName",
            "hostNetwork");
    // Fields of Kubernetes' PodSpec that are a scheduler's or an API server's business.
    private static final Set<String> OF_NO_USE = Set.of(
            "nodeSelector",
            "affinity",
            "tolerations",
            "topologySpreadConstraints",
            "schedulerName",
            "schedulingGates",
            "priority",
            "priorityClassName",
            "preemptionPolicy",
            "overhead",
            "resources",
            "os",
            "runtimeClassName",
            "serviceAccount",
            "serviceAccountName",
            "automountServiceAccountToken",
            "enableServiceLinks",
            "imagePullSecrets",
            "securityContext");

    private PodReader() {}

    static PodId id(Fields pod) {
        Fields metadata = pod.object("metadata").orElseThrow(() -> pod.error("metadata", "is required"));
        String name = metadata.requiredString("name");
        metadata.checked("name", () -> Names.dnsSubdomain("pod name", name));
        String namespace = metadata.parsed("namespace", text -> Names.dnsLabel("namespace", text))
                .orElse("default");
        return new PodId(namespace, name);
    }

    static PodManifest read(Fields pod, Consumer<String> notes) {
        PodId id = id(pod);
        Fields metadata = pod.object("metadata").orElseThrow();
        Fields spec = pod.object("spec").orElseThrow(() -> pod.error("spec", "is required"));
        if (spec.isTrue("hostNetwork")) {
            throw spec.error("hostNetwork", "is not supported: the pod would have no network of its own");
        }
        for (String field : spec.namesOutside(READ)) {
            if (!OF_NO_USE.contains(field)) {
                notes.accept(spec.pathOf(field) + " is not used");
            }
        }
        List<ContainerManifest> containers = ContainerReader.containers(spec, notes);
        PodSpec network = pod.checked("spec", () -> network(id, metadata, spec));
        metadata.checked("annotations", network::bandwidth);
        String json = CanonicalJson.write(pod.value());
        return new PodManifest(
                network,
                RestartPolicy.parse(spec),
                Duration.ofSeconds(spec.integer("terminationGracePeriodSeconds", 0, MAX_GRACE_SECONDS)
                        .orElse(DEFAULT_GRACE_SECONDS)),
                spec.parsed("nodeName", name -> Names.dnsSubdomain("node name", name)),
                containers,
                json,
                CanonicalJson.digest(json));
    }

    private static PodSpec network(PodId id, Fields metadata, Fields spec) {
        DnsPolicy policy = spec.parsed("dnsPolicy", DnsPolicy::parse).orElse(DnsPolicy.CLUSTER_FIRST);
        DnsConfig dnsConfig = spec.object("dnsConfig")
                .map(config -> spec.checked("dnsConfig", () -> dnsConfig(config)))
                .orElse(DnsConfig.EMPTY);
        if (policy == DnsPolicy.NONE && dnsConfig.nameservers().isEmpty()) {
            throw spec.error("dnsPolicy", "None needs at least one of dnsConfig.nameservers");
        }
        return new PodSpec(
                id,
                metadata.string("uid").filter(uid -> !uid.isEmpty()),
                metadata.stringMap("labels"),
                metadata.stringMap("annotations"),
                spec.parsed("hostname", name -> Names.dnsLabel("hostname", name)),
                spec.parsed("subdomain", name -> Names.dnsLabel("subdomain", name)),
                ContainerReader.containerPorts(spec),
                ContainerReader.hostPorts(spec),
                List.of(),
                policy,
                dnsConfig,
                hostAliases(spec),
                spec.isTrue("setHostnameAsFQDN"));
    }

    private static DnsConfig dnsConfig(Fields config) {
        Map<String, String> options = new LinkedHashMap<>();
        for (Fields option : config.objects("options")) {
            options.put(option.requiredString("name"), option.string("value").orElse(""));
        }
        List<IpAddress> nameservers = config.strings("nameservers").stream()
                .map(text -> config.checked("nameservers", () -> IpAddress.parse(text)))
                .toList();
        return new DnsConfig(nameservers, config.strings("searches"), options);
    }

    private static List<HostAlias> hostAliases(Fields spec) {
        List<HostAlias> aliases = new ArrayList<>();
        for (Fields alias : spec.objects("hostAliases")) {
            Optional<IpAddress> ip = alias.parsed("ip", IpAddress::parse);
            IpAddress address = ip.orElseThrow(() -> alias.error("ip", "is required"));
            aliases.add(alias.checked("hostnames", () -> new HostAlias(address, alias.strings("hostnames"))));
        }
        return aliases;
    }
}
