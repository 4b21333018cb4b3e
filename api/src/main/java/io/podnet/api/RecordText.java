package io.podnet.api;

import io.podnet.spi.AttachmentRecord;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The text form of a record: a {@link Properties} file with sorted keys, so that this room needs no JSON library and a
 * person can read it. The last line is {@code end=1}: a file without it was torn by a crash.
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
        StringBuilder text = new StringBuilder(512);
        keys.forEach((key, value) -> {
            escape(key, text);
            text.append('=');
            escape(value, text);
            text.append('\n');
        });
        return text.append("end=1\n").toString();
    }

    private static void escape(String raw, StringBuilder text) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            switch (c) {
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\\', '=', ':', '#', '!', ' ' -> text.append('\\').append(c);
                default -> text.append(c);
            }
        }
    }

    private static void writeSpec(PodSpec spec, Map<String, String> keys) {
        keys.put("namespace", spec.id().namespace());
        keys.put("name", spec.id().name());
        spec.uid().ifPresent(uid -> keys.put("uid", uid));
        spec.hostname().ifPresent(name -> keys.put("hostname", name));
        spec.subdomain().ifPresent(name -> keys.put("subdomain", name));
        spec.labels().forEach((key, value) -> keys.put("label." + key, value));
        spec.annotations().forEach((key, value) -> keys.put("annotation." + key, value));
        for (int i = 0; i < spec.hostPorts().size(); i++) {
            HostPort port = spec.hostPorts().get(i);
            keys.put(
                    "hostPort." + i,
                    port.protocol() + " "
                            + port.hostIp().map(IpAddress::toString).orElse("*") + " " + port.hostPort() + " "
                            + port.containerPort());
        }
        keys.put("requestedIps", join(spec.requestedIps()));
        keys.put("dnsPolicy", spec.dnsPolicy().name());
        keys.put("dns.nameservers", join(spec.dnsConfig().nameservers()));
        keys.put("dns.searches", String.join(" ", spec.dnsConfig().searches()));
        spec.dnsConfig().options().forEach((key, value) -> keys.put("dns.option." + key, value));
        for (int i = 0; i < spec.hostAliases().size(); i++) {
            HostAlias alias = spec.hostAliases().get(i);
            keys.put("hostAlias." + i, alias.ip() + " " + String.join(" ", alias.hostnames()));
        }
    }

    private static void writeStatus(PodNetworkStatus status, Map<String, String> keys) {
        keys.put("status.interfaceName", status.interfaceName());
        keys.put("status.addresses", join(status.addresses()));
        keys.put("status.gateways", join(status.gateways()));
        keys.put("status.mac", status.mac().toString());
        keys.put("status.mtu", Integer.toString(status.mtu()));
        status.hostInterfaceName().ifPresent(name -> keys.put("status.hostInterfaceName", name));
    }

    private static String join(List<?> values) {
        return String.join(" ", values.stream().map(Object::toString).toList());
    }

    /**
     * Reads a record.
     *
     * @return the record, empty where the file was torn: its write never returned, so nothing was done on its strength
     */
    static Optional<AttachmentRecord> read(Path file, String text) {
        if (!text.endsWith("\nend=1\n")) {
            return Optional.empty();
        }
        Keys keys = new Keys(file, text);
        if (!keys.get("version").equals(VERSION)) {
            throw new PodnetException.StateFailure(
                    "record " + file + " has version " + keys.get("version") + ", this Podnet reads " + VERSION, null);
        }
        try {
            return Optional.of(new AttachmentRecord(
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
                    readStatus(keys)));
        } catch (RuntimeException e) {
            throw new PodnetException.StateFailure("record " + file + " is damaged: " + e.getMessage(), e);
        }
    }

    private static PodSpec readSpec(Keys keys) {
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
            List<String> parts = words(line);
            aliases.add(new HostAlias(IpAddress.parse(parts.get(0)), parts.subList(1, parts.size())));
        }
        return new PodSpec(
                new PodId(keys.get("namespace"), keys.get("name")),
                Optional.ofNullable(keys.find("uid")),
                keys.prefixed("label."),
                keys.prefixed("annotation."),
                Optional.ofNullable(keys.find("hostname")),
                Optional.ofNullable(keys.find("subdomain")),
                hostPorts,
                words(keys.get("requestedIps")).stream().map(IpAddress::parse).toList(),
                DnsPolicy.valueOf(keys.get("dnsPolicy")),
                new DnsConfig(
                        words(keys.get("dns.nameservers")).stream()
                                .map(IpAddress::parse)
                                .toList(),
                        words(keys.get("dns.searches")),
                        keys.prefixed("dns.option.")),
                aliases);
    }

    private static Optional<PodNetworkStatus> readStatus(Keys keys) {
        if (keys.find("status.interfaceName") == null) {
            return Optional.empty();
        }
        return Optional.of(new PodNetworkStatus(
                keys.get("status.interfaceName"),
                words(keys.get("status.addresses")).stream()
                        .map(InterfaceAddress::parse)
                        .toList(),
                words(keys.get("status.gateways")).stream()
                        .map(IpAddress::parse)
                        .toList(),
                MacAddress.parse(keys.get("status.mac")),
                Integer.parseInt(keys.get("status.mtu")),
                Optional.ofNullable(keys.find("status.hostInterfaceName"))));
    }

    private static List<String> words(String line) {
        return line.isEmpty() ? List.of() : List.of(line.split(" "));
    }

    /** A record's keys, with the file's name in every complaint. */
    private static final class Keys {
        private final Path file;
        private final Properties properties = new Properties();

        Keys(Path file, String text) {
            this.file = file;
            try {
                properties.load(new StringReader(text));
            } catch (IOException | IllegalArgumentException e) {
                throw new PodnetException.StateFailure("record " + file + " is damaged: " + e.getMessage(), e);
            }
        }

        @Nullable
        String find(String key) {
            return properties.getProperty(key);
        }

        String get(String key) {
            String value = find(key);
            if (value == null) {
                throw new PodnetException.StateFailure("record " + file + " has no '" + key + "'", null);
            }
            return value;
        }

        List<String> numbered(String prefix) {
            List<String> values = new ArrayList<>();
            for (int i = 0; ; i++) {
                String value = find(prefix + i);
                if (value == null) {
                    return values;
                }
                values.add(value);
            }
        }

        Map<String, String> prefixed(String prefix) {
            Map<String, String> values = new LinkedHashMap<>();
            for (String key : properties.stringPropertyNames()) {
                if (key.startsWith(prefix)) {
                    values.put(key.substring(prefix.length()), get(key));
                }
            }
            return values;
        }
    }
}
