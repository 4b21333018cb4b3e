package io.podnet.api;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a pod adds to its resolv.conf: Kubernetes' {@code PodDNSConfig}.
 *
 * @param nameservers name servers' addresses, appended and without duplicates
 * @param searches search domains, appended and without duplicates
 * @param options resolver options by name, the value empty where an option has none; they win over the policy's
 */
@API(status = API.Status.STABLE, since = "0.1")
public record DnsConfig(List<IpAddress> nameservers, List<String> searches, Map<String, String> options) {
    /** Nothing to add. */
    public static final DnsConfig EMPTY = new DnsConfig(List.of(), List.of(), Map.of());

    public DnsConfig {
        nameservers = List.copyOf(nameservers);
        searches = List.copyOf(searches);
        options = Map.copyOf(options);
        for (String search : searches) {
            // Kubernetes admits one trailing dot, underscores at the front of a label, and "." alone.
            if (search.length() > 254 || !search.matches("\\.|_?[a-zA-Z0-9_-]+(\\.[a-zA-Z0-9_-]+)*\\.?")) {
                throw new PodnetException.Invalid("dnsConfig search '" + search + "' is not a domain name");
            }
        }
        new TreeMap<>(options).forEach((name, value) -> {
            if (!name.matches("[a-zA-Z0-9_-]{1,64}") || !value.matches("[a-zA-Z0-9_.-]{0,64}")) {
                throw new PodnetException.Invalid(
                        "dnsConfig option '" + name + ":" + value + "' is not a resolver option");
            }
        });
    }
}
