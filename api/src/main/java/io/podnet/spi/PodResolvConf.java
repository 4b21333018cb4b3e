package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.DnsConfig;
import io.podnet.api.DnsPolicy;
import io.podnet.api.IpAddress;
import io.podnet.api.PodSpec;
import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a pod's resolv.conf has to say, by the rules of kubelet: Kubernetes {@code pkg/kubelet/network/dns/dns.go}. What
 * its limits cut is told in the warnings. Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PodResolvConf {
    private static final int MAX_NAMESERVERS = 3;
    private static final int MAX_SEARCHES = 32;
    private static final int MAX_SEARCH_CHARACTERS = 2048;
    // Some glibc versions abort on longer names, so kubelet drops them.
    private static final int MAX_SEARCH_NAME = 253;
    // kubelet reads no more of the node's file.
    private static final long MAX_FILE = 10L << 20;
    // systemd-resolved.service(8).
    private static final Path SYSTEMD_RESOLVED = Path.of("/run/systemd/resolve/resolv.conf");
    private static final Set<IpAddress> STUBS = Set.of(IpAddress.parse("127.0.0.53"), IpAddress.parse("127.0.0.54"));
    private static final String CLUSTER_NDOTS = "5";
    private static final Pattern DOMAIN = Pattern.compile("[a-zA-Z0-9_-]{1,63}(\\.[a-zA-Z0-9_-]{1,63})*");

    private final Set<String> warnings = new LinkedHashSet<>();
    private final List<String> leftOut = new ArrayList<>();
    private final List<IpAddress> nameservers = new ArrayList<>();
    private final List<String> searches = new ArrayList<>();
    private final Map<String, String> options = new LinkedHashMap<>();

    private PodResolvConf() {}

    /**
     * The cluster's resolver.
     *
     * @param nameservers where it listens
     * @param domain the cluster's domain
     */
    public record Cluster(List<IpAddress> nameservers, String domain) {
        public Cluster {
            nameservers = List.copyOf(nameservers);
        }
    }

    /**
     * Makes a pod's resolv.conf.
     *
     * @param spec the pod
     * @param nodeResolvConf the node's file; one that names nothing but systemd-resolved's stub stands for {@code
     *     /run/systemd/resolve/resolv.conf}, one that cannot be read counts as empty
     * @param cluster the cluster's resolver; without one ClusterFirst falls back to Default, as kubelet does with its
     *     event MissingClusterDNS
     * @return its parts, within the limits of resolvers
     */
    public static NameResolver.ResolvConf of(PodSpec spec, Path nodeResolvConf, Optional<Cluster> cluster) {
        PodResolvConf made = new PodResolvConf();
        if (spec.dnsPolicy() != DnsPolicy.NONE) {
            made.parse(read(behindStub(nodeResolvConf)));
        }
        boolean clusterFirst = spec.dnsPolicy() == DnsPolicy.CLUSTER_FIRST
                || spec.dnsPolicy() == DnsPolicy.CLUSTER_FIRST_WITH_HOST_NET;
        if (clusterFirst && cluster.isPresent()) {
            made.clusterFirst(spec.id().namespace(), cluster.get());
        }
        made.add(spec.dnsConfig());
        return made.withinLimits();
    }

    /**
     * The servers that the node itself asks.
     *
     * @param ips in order, as many as a resolver takes
     * @param leftOut what the file names besides and nobody but the node's own C library can ask, as it is written there:
     *     a link-local address with a zone, for example
     */
    public record NodeServers(List<IpAddress> ips, List<String> leftOut) {
        public NodeServers {
            ips = List.copyOf(ips);
            leftOut = List.copyOf(leftOut);
        }
    }

    /**
     * Reads the servers that the node itself asks.
     *
     * @param nodeResolvConf the node's file; one that names nothing but systemd-resolved's stub stands for {@code
     *     /run/systemd/resolve/resolv.conf}, one that cannot be read counts as empty
     * @return its nameservers
     */
    public static NodeServers nodeServers(Path nodeResolvConf) {
        return serversOf(behindStub(nodeResolvConf));
    }

    private static NodeServers serversOf(Path file) {
        PodResolvConf made = new PodResolvConf();
        made.parse(read(file));
        return new NodeServers(made.nameservers.stream().limit(MAX_NAMESERVERS).toList(), made.leftOut);
    }

    // systemd-resolved's stub means nothing to a pod, whose 127.0.0.53 is its own, and a resolver that asked it might
    // be
    // asked back; systemd-resolved keeps the servers behind it in a file of their own, which kubeadm gives kubelet too.
    private static Path behindStub(Path nodeResolvConf) {
        return behindStub(nodeResolvConf, SYSTEMD_RESOLVED);
    }

    static Path behindStub(Path nodeResolvConf, Path systemdResolved) {
        List<IpAddress> servers = serversOf(nodeResolvConf).ips();
        return !servers.isEmpty() && STUBS.containsAll(servers) && Files.isReadable(systemdResolved)
                ? systemdResolved
                : nodeResolvConf;
    }

    private void clusterFirst(String namespace, Cluster cluster) {
        nameservers.clear();
        nameservers.addAll(cluster.nameservers());
        leftOut.clear();
        List<String> node = List.copyOf(searches);
        searches.clear();
        addDistinct(
                searches, List.of(namespace + ".svc." + cluster.domain(), "svc." + cluster.domain(), cluster.domain()));
        addDistinct(searches, node);
        // The node's options are replaced, not merged.
        options.clear();
        options.put("ndots", CLUSTER_NDOTS);
    }

    private void add(DnsConfig config) {
        addDistinct(nameservers, config.nameservers());
        addDistinct(
                searches,
                config.searches().stream()
                        .map(PodResolvConf::withoutTrailingDot)
                        .toList());
        options.putAll(new TreeMap<>(config.options()));
    }

    private static <T> void addDistinct(List<T> to, Collection<T> more) {
        Set<T> all = new LinkedHashSet<>(to);
        all.addAll(more);
        to.clear();
        to.addAll(all);
    }

    private void parse(String text) {
        for (String raw : text.split("\n", -1)) {
            String line = raw.strip();
            if (line.isEmpty() || line.charAt(0) == '#' || line.charAt(0) == ';') {
                continue;
            }
            String[] words = line.split("[ \t]+");
            List<String> values = List.of(words).subList(1, words.length);
            switch (words[0]) {
                case "nameserver" -> values.stream().limit(1).forEach(this::nameserver);
                // A later search line replaces earlier ones; options gather, the last of a name counts: as in dns.go.
                case "search" -> {
                    searches.clear();
                    values.forEach(this::search);
                }
                case "options" -> values.forEach(this::option);
                default -> {
                    // domain and sortlist mean nothing to a pod.
                }
            }
        }
    }

    private void nameserver(String text) {
        try {
            nameservers.add(IpAddress.parse(text));
        } catch (PodnetException.Invalid e) {
            // A link-local address with a zone, for example: that zone does not exist in a pod.
            leftOut.add(text);
        }
    }

    private void search(String text) {
        String name = withoutTrailingDot(text);
        if (name.equals(".")) {
            // Names as they stand are tried anyway; dns.go leaves it out too.
            return;
        }
        if (DOMAIN.matcher(name).matches()) {
            searches.add(name);
        } else {
            // glibc ends a search at it, and a pod must not fail for what its node's file says.
            warnings.add("the node's search domain '" + name + "' is left out: it is no domain name");
        }
    }

    private static String withoutTrailingDot(String name) {
        return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private void option(String option) {
        int colon = option.indexOf(':');
        options.put(colon < 0 ? option : option.substring(0, colon), colon < 0 ? "" : option.substring(colon + 1));
    }

    private NameResolver.ResolvConf withinLimits() {
        List<IpAddress> servers = nameservers.stream().limit(MAX_NAMESERVERS).toList();
        if (servers.size() < nameservers.size()) {
            warnings.add(nameservers.size() + " nameservers, of which a resolver takes " + MAX_NAMESERVERS
                    + ": left are " + servers);
        }
        List<String> kept = new ArrayList<>(searches.subList(0, Math.min(searches.size(), MAX_SEARCHES)));
        kept.removeIf(search -> search.length() > MAX_SEARCH_NAME);
        while (String.join(" ", kept).length() > MAX_SEARCH_CHARACTERS) {
            kept.remove(kept.size() - 1);
        }
        if (kept.size() < searches.size()) {
            warnings.add((searches.size() - kept.size()) + " of " + searches.size()
                    + " search domains are left out: resolvers take " + MAX_SEARCHES + " domains, "
                    + MAX_SEARCH_CHARACTERS + " characters, " + MAX_SEARCH_NAME + " a domain; left are " + kept);
        }
        for (String server : leftOut) {
            warnings.add("the node's nameserver " + server + " is left out: a pod cannot use it");
        }
        List<String> written = new ArrayList<>();
        options.forEach((name, value) -> written.add(value.isEmpty() ? name : name + ":" + value));
        return new NameResolver.ResolvConf(servers, kept, written, List.copyOf(warnings));
    }

    private static String read(Path file) {
        try {
            if (!Files.isReadable(file)) {
                return "";
            }
            if (Files.size(file) > MAX_FILE) {
                throw new PodnetException.Invalid(file + " is larger than 10 MB and no resolv.conf");
            }
            // A comment may be in any encoding; what counts is ASCII.
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new PodnetException.StateFailure(file + " cannot be read: " + e, e);
        }
    }

    /**
     * Writes the file.
     *
     * @param conf its parts
     * @return a text in the format of resolv.conf(5)
     */
    public static String text(NameResolver.ResolvConf conf) {
        StringBuilder text = new StringBuilder(128);
        if (!conf.searches().isEmpty()) {
            text.append("search ").append(String.join(" ", conf.searches())).append('\n');
        }
        conf.nameservers()
                .forEach(server -> text.append("nameserver ").append(server).append('\n'));
        if (!conf.options().isEmpty()) {
            text.append("options ").append(String.join(" ", conf.options())).append('\n');
        }
        return text.toString();
    }
}
