package io.podnet.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The texts of a pod's {@code /etc/hosts}, {@code /etc/hostname} and {@code /etc/resolv.conf}. Source: Kubernetes {@code
 * pkg/kubelet/kubelet_pods.go} (managed hosts file) and {@code pkg/kubelet/network/dns/dns.go}.
 */
final class PodFiles {
    private static final int MAX_NAMESERVERS = 3;
    private static final int MAX_SEARCHES = 32;
    private static final int MAX_SEARCH_CHARACTERS = 2048;
    // Some glibc versions abort on longer names, so kubelet drops them.
    private static final int MAX_SEARCH_NAME = 253;
    // kubelet reads no more of the node's file.
    private static final long MAX_FILE = 10L << 20;

    private PodFiles() {}

    static String hosts(PodSpec spec, List<IpAddress> ips, String clusterDomain) {
        StringBuilder text = new StringBuilder(256);
        text.append("# Managed by Podnet.\n");
        text.append("127.0.0.1\tlocalhost\n");
        text.append("::1\tlocalhost ip6-localhost ip6-loopback\n");
        text.append("fe00::0\tip6-localnet\n");
        text.append("fe00::0\tip6-mcastprefix\n");
        text.append("fe00::1\tip6-allnodes\n");
        text.append("fe00::2\tip6-allrouters\n");
        String hostname = spec.effectiveHostname();
        String names = spec.subdomain()
                .map(sub ->
                        hostname + "." + sub + "." + spec.id().namespace() + ".svc." + clusterDomain + "\t" + hostname)
                .orElse(hostname);
        for (IpAddress ip : ips) {
            text.append(ip).append('\t').append(names).append('\n');
        }
        if (!spec.hostAliases().isEmpty()) {
            text.append("\n# Entries added by HostAliases.\n");
            for (HostAlias alias : spec.hostAliases()) {
                text.append(alias.ip())
                        .append('\t')
                        .append(String.join("\t", alias.hostnames()))
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** The parts of a resolv.conf, as resolv.conf(5) has them. */
    record ResolvConf(List<String> nameservers, List<String> searches, Map<String, String> options) {
        static ResolvConf parse(String text) {
            List<String> nameservers = new ArrayList<>();
            List<String> searches = new ArrayList<>();
            Map<String, String> options = new LinkedHashMap<>();
            for (String raw : text.split("\n", -1)) {
                String line = raw.strip();
                if (line.isEmpty() || line.charAt(0) == '#' || line.charAt(0) == ';') {
                    continue;
                }
                String[] words = line.split("[ \t]+");
                List<String> values = List.of(words).subList(1, words.length);
                switch (words[0]) {
                    case "nameserver" -> values.stream().limit(1).forEach(nameservers::add);
                    // Later search and options lines override earlier ones, as in dns.go.
                    case "search" -> {
                        searches.clear();
                        values.forEach(value -> searches.add(withoutTrailingDot(value)));
                    }
                    case "options" -> {
                        options.clear();
                        values.forEach(value -> putOption(options, value));
                    }
                    default -> {
                        // domain and sortlist mean nothing to a pod.
                    }
                }
            }
            return new ResolvConf(nameservers, searches, options);
        }

        private static String withoutTrailingDot(String name) {
            return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        }

        private static void putOption(Map<String, String> options, String option) {
            int colon = option.indexOf(':');
            options.put(colon < 0 ? option : option.substring(0, colon), colon < 0 ? "" : option.substring(colon + 1));
        }

        /** Adds a pod's own settings, without duplicates, its options winning, and keeps to the resolver's limits. */
        ResolvConf plus(DnsConfig config) {
            Set<String> servers = new LinkedHashSet<>(nameservers);
            config.nameservers().forEach(ip -> servers.add(ip.toString()));
            Set<String> domains = new LinkedHashSet<>(searches);
            config.searches().forEach(search -> domains.add(withoutTrailingDot(search)));
            Map<String, String> merged = new LinkedHashMap<>(options);
            merged.putAll(new TreeMap<>(config.options()));
            List<String> kept = new ArrayList<>();
            int characters = 0;
            for (String domain : domains) {
                characters += domain.length() + (kept.isEmpty() ? 0 : 1);
                if (domain.length() > MAX_SEARCH_NAME) {
                    characters -= domain.length() + 1;
                } else if (kept.size() < MAX_SEARCHES && characters <= MAX_SEARCH_CHARACTERS) {
                    kept.add(domain);
                }
            }
            return new ResolvConf(servers.stream().limit(MAX_NAMESERVERS).toList(), kept, merged);
        }

        String text() {
            StringBuilder text = new StringBuilder(128);
            if (!searches.isEmpty()) {
                text.append("search ").append(String.join(" ", searches)).append('\n');
            }
            nameservers.forEach(
                    server -> text.append("nameserver ").append(server).append('\n'));
            if (!options.isEmpty()) {
                text.append("options");
                options.forEach(
                        (name, value) -> text.append(' ').append(name).append(value.isEmpty() ? "" : ":" + value));
                text.append('\n');
            }
            return text.toString();
        }
    }

    /**
     * Makes a resolv.conf without a cluster resolver: ClusterFirst falls back to Default, as kubelet does with its event
     * MissingClusterDNS.
     */
    static String resolvConf(PodSpec spec, Path nodeResolvConf) {
        ResolvConf base = spec.dnsPolicy() == DnsPolicy.NONE
                ? new ResolvConf(List.of(), List.of(), Map.of())
                : ResolvConf.parse(read(nodeResolvConf));
        return base.plus(spec.dnsConfig()).text();
    }

    private static String read(Path file) {
        try {
            if (!Files.isReadable(file)) {
                return "";
            }
            if (Files.size(file) > MAX_FILE) {
                throw new PodnetException.Invalid(file + " is larger than 10 MB and no resolv.conf");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new PodnetException.StateFailure(file + " cannot be read: " + e, e);
        }
    }

    static void write(Path directory, PodSpec spec, List<IpAddress> ips, String clusterDomain, Path nodeResolvConf) {
        try {
            StateDirectory.createPrivate(directory);
            Files.writeString(directory.resolve("hosts"), hosts(spec, ips, clusterDomain));
            Files.writeString(directory.resolve("hostname"), spec.effectiveHostname() + "\n");
            Files.writeString(directory.resolve("resolv.conf"), resolvConf(spec, nodeResolvConf));
        } catch (IOException e) {
            throw new PodnetException.StateFailure("files of pod " + spec.id() + " in " + directory + ": " + e, e);
        }
    }
}
