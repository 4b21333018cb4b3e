package io.podnet.api;

import io.podnet.record.RecordKeys;
import io.podnet.spi.AttachmentRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The text form of an attachment's record. A key that is new is optional, so that records of earlier versions are read
 * and earlier versions read these.
 */
final class RecordText {
    private static final String VERSION = "1";

    private RecordText() {}

    static String write(AttachmentRecord record) {
        Map<String, String> keys = new TreeMap<>();
        keys.put("version", VERSION);
        keys.put("sandboxId", record.id().sandboxId());
        keys.put("ifName", record.id().ifName());
        keys.put("networkPlugin", record.networkPlugin());
        keys.put("netns", record.netns().toString());
        keys.put("netnsInode", Long.toString(record.netnsInode()));
        keys.put("ownsNetns", Boolean.toString(record.ownsNetns()));
        keys.put("bootId", record.bootId());
        keys.put("created", record.created().toString());
        keys.put("phase", record.phase().name());
        keys.put("message", record.message());
        writeSpec(record.spec(), keys);
        record.status().ifPresent(status -> writeStatus(status, keys));
        return RecordKeys.write(keys);
    }

    private static void writeSpec(PodSpec spec, Map<String, String> keys) {
        keys.put("namespace", spec.id().namespace());
        keys.put("name", spec.id().name());
        spec.uid().ifPresent(uid -> keys.put("uid", uid));
        spec.hostname().ifPresent(name -> keys.put("hostname", name));
        spec.subdomain().ifPresent(name -> keys.put("subdomain", name));
        if (spec.setHostnameAsFqdn()) {
            keys.put("setHostnameAsFqdn", "true");
        }
        spec.labels().forEach((key, value) -> keys.put("label." + key, value));
        spec.annotations().forEach((key, value) -> keys.put("annotation." + key, value));
        for (int i = 0; i < spec.containerPorts().size(); i++) {
            ContainerPort port = spec.containerPorts().get(i);
            keys.put("containerPort." + i, (port.protocol() + " " + port.port() + " " + port.name()).stripTrailing());
        }
        for (int i = 0; i < spec.hostPorts().size(); i++) {
            HostPort port = spec.hostPorts().get(i);
            keys.put(
                    "hostPort." + i,
                    port.protocol() + " "
                            + port.hostIp().map(IpAddress::toString).orElse("*") + " " + port.hostPort() + " "
                            + port.containerPort());
        }
        keys.put("requestedIps", RecordKeys.join(spec.requestedIps()));
        keys.put("dnsPolicy", spec.dnsPolicy().name());
        keys.put("dns.nameservers", RecordKeys.join(spec.dnsConfig().nameservers()));
        keys.put("dns.searches", String.join(" ", spec.dnsConfig().searches()));
        spec.dnsConfig().options().forEach((key, value) -> keys.put("dns.option." + key, value));
        for (int i = 0; i < spec.hostAliases().size(); i++) {
            HostAlias alias = spec.hostAliases().get(i);
            keys.put("hostAlias." + i, alias.ip() + " " + String.join(" ", alias.hostnames()));
        }
    }

    private static void writeStatus(PodNetworkStatus status, Map<String, String> keys) {
        keys.put("status.interfaceName", status.interfaceName());
        keys.put("status.addresses", RecordKeys.join(status.addresses()));
        keys.put("status.gateways", RecordKeys.join(status.gateways()));
        keys.put("status.mac", status.mac().toString());
        keys.put("status.mtu", Integer.toString(status.mtu()));
        status.hostInterfaceName().ifPresent(name -> keys.put("status.hostInterfaceName", name));
    }

    /**
     * Reads a record.
     *
     * @throws PodnetException.StateFailure where it is damaged, also where its end is missing: a record gets its name when it
     *     is whole, so that no crash leaves half of one, and to pass over it would mean to forget a pod
     */
    static AttachmentRecord read(Path file, String text) {
        RecordKeys keys = RecordKeys.whole("record " + file, text);
        keys.requireVersion(VERSION);
        try {
            return new AttachmentRecord(
                    new AttachmentId(keys.get("sandboxId"), keys.get("ifName")),
                    readSpec(keys),
                    keys.get("networkPlugin"),
                    Path.of(keys.get("netns")),
                    Long.parseLong(keys.get("netnsInode")),
                    Boolean.parseBoolean(keys.get("ownsNetns")),
                    keys.get("bootId"),
                    Instant.parse(keys.get("created")),
                    PodPhase.valueOf(keys.get("phase")),
                    keys.get("message"),
                    readStatus(keys));
        } catch (RuntimeException e) {
            throw new PodnetException.StateFailure("record " + file + " is damaged: " + e.getMessage(), e);
        }
    }

    private static PodSpec readSpec(RecordKeys keys) {
        // Absent in records that were written before pods had them.
        List<ContainerPort> containerPorts = new ArrayList<>();
        for (String line : keys.numbered("containerPort.")) {
            List<String> parts = RecordKeys.words(line);
            containerPorts.add(new ContainerPort(
                    parts.size() > 2 ? parts.get(2) : "",
                    Integer.parseInt(parts.get(1)),
                    Protocol.valueOf(parts.get(0))));
        }
        List<HostPort> hostPorts = new ArrayList<>();
        for (String line : keys.numbered("hostPort.")) {
            String[] parts = line.split(" ", -1);
            hostPorts.add(new HostPort(
                    parts[1].equals("*") ? Optional.empty() : Optional.of(IpAddress.parse(parts[1])),
                    Integer.parseInt(parts[2]),
                    Integer.parseInt(parts[3]),
                    Protocol.valueOf(parts[0])));
        }
        List<HostAlias> aliases = new ArrayList<>();
        for (String line : keys.numbered("hostAlias.")) {
            List<String> parts = RecordKeys.words(line);
            aliases.add(new HostAlias(IpAddress.parse(parts.get(0)), parts.subList(1, parts.size())));
        }
        return new PodSpec(
                new PodId(keys.get("namespace"), keys.get("name")),
                Optional.ofNullable(keys.find("uid")),
                keys.prefixed("label."),
                keys.prefixed("annotation."),
                Optional.ofNullable(keys.find("hostname")),
                Optional.ofNullable(keys.find("subdomain")),
                containerPorts,
                hostPorts,
                RecordKeys.words(keys.get("requestedIps")).stream()
                        .map(IpAddress::parse)
                        .toList(),
                DnsPolicy.valueOf(keys.get("dnsPolicy")),
                new DnsConfig(
                        RecordKeys.words(keys.get("dns.nameservers")).stream()
                                .map(IpAddress::parse)
                                .toList(),
                        RecordKeys.words(keys.get("dns.searches")),
                        keys.prefixed("dns.option.")),
                aliases,
                Boolean.parseBoolean(keys.find("setHostnameAsFqdn")));
    }

    private static Optional<PodNetworkStatus> readStatus(RecordKeys keys) {
        if (keys.find("status.interfaceName") == null) {
            return Optional.empty();
        }
        return Optional.of(new PodNetworkStatus(
                keys.get("status.interfaceName"),
                RecordKeys.words(keys.get("status.addresses")).stream()
                        .map(InterfaceAddress::parse)
                        .toList(),
                RecordKeys.words(keys.get("status.gateways")).stream()
                        .map(IpAddress::parse)
                        .toList(),
                MacAddress.parse(keys.get("status.mac")),
                Integer.parseInt(keys.get("status.mtu")),
                Optional.ofNullable(keys.find("status.hostInterfaceName"))));
    }
}
