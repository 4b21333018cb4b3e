package io.podnet.dns;

import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.dns.forward.DropPolicy;
import io.podnet.dns.forward.ForwarderSettings;
import io.podnet.dns.response.DomainName;
import io.podnet.dns.upstream.Upstream;
import io.podnet.dns.upstream.UpstreamPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The forwarder's settings by name.
 *
 * @param policy option {@code forward.policy}: {@code sequential} (default), {@code round_robin}, {@code random} or {@code
 *     best_rtt}
 * @param loopback option {@code forward.loopback}: {@code true} where servers on loopback addresses are wanted
 * @param stubDomains options {@code stub.DOMAIN}: servers apart by commas, each {@code ADDRESS} or {@code ADDRESS#PORT}
 * @param settings options {@code forward.cacheBytes}, {@code forward.slots}, {@code forward.slotsPerPod}, {@code
 *     forward.drop} ({@code newest} or {@code oldest}), {@code forward.maxStale} (seconds), {@code forward.loopProbes} and
 *     {@code forward.searchCompletion}
 */
record ForwardOptions(
        UpstreamPolicy policy,
        boolean loopback,
        Map<DomainName, List<Upstream>> stubDomains,
        ForwarderSettings settings) {
    private static final String STUB = "stub.";
    private static final Set<String> NAMES = Set.of(
            "forward.policy",
            "forward.loopback",
            "forward.cacheBytes",
            "forward.slots",
            "forward.slotsPerPod",
            "forward.drop",
            "forward.maxStale",
            "forward.loopProbes",
            "forward.searchCompletion");

    ForwardOptions {
        stubDomains = Map.copyOf(stubDomains);
    }

    /** Reads options by name; unknown ones and wrong values are {@link PodnetException.Invalid}. */
    static ForwardOptions of(Map<String, String> options) {
        Map<DomainName, List<Upstream>> stubs = new HashMap<>();
        for (Map.Entry<String, String> option : options.entrySet()) {
            if (option.getKey().startsWith(STUB)) {
                stubs.put(DomainName.parse(option.getKey().substring(STUB.length())), servers(option.getValue()));
            } else if (!NAMES.contains(option.getKey())) {
                throw new PodnetException.Invalid("the resolver 'dns' has no option " + option.getKey()
                        + "; of forwarding it has " + new TreeSet<>(NAMES) + " and stub.DOMAIN");
            }
        }
        ForwarderSettings usual = ForwarderSettings.DEFAULT;
        ForwarderSettings settings = new ForwarderSettings(
                number(options, "forward.cacheBytes", usual.cacheBytes()),
                (int) number(options, "forward.slots", usual.slots()),
                (int) number(options, "forward.slotsPerPod", usual.slotsPerPod()),
                word(options, "forward.drop", DropPolicy.class, usual.dropPolicy()),
                usual.timing(),
                usual.staleAfter(),
                Duration.ofSeconds(
                        number(options, "forward.maxStale", usual.maxStale().toSeconds())),
                flag(options, "forward.loopProbes", usual.loopProbes()),
                flag(options, "forward.searchCompletion", usual.searchCompletion()));
        return new ForwardOptions(
                word(options, "forward.policy", UpstreamPolicy.class, UpstreamPolicy.SEQUENTIAL),
                flag(options, "forward.loopback", false),
                stubs,
                settings);
    }

    private static List<Upstream> servers(String text) {
        return DnsOptions.words(text).stream().map(ForwardOptions::server).toList();
    }

    private static Upstream server(String text) {
        int sign = text.indexOf('#');
        if (sign < 0) {
            return Upstream.of(IpAddress.parse(text));
        }
        String port = text.substring(sign + 1);
        if (!port.matches("[0-9]{1,5}")) {
            throw new PodnetException.Invalid("'" + text + "' is not ADDRESS or ADDRESS#PORT");
        }
        return new Upstream(IpAddress.parse(text.substring(0, sign)), Integer.parseInt(port));
    }

    private static long number(Map<String, String> options, String name, long otherwise) {
        String text = options.get(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw new PodnetException.Invalid("option " + name + " '" + text + "' is not a number of 0..999999999");
        }
        return Long.parseLong(text);
    }

    private static boolean flag(Map<String, String> options, String name, boolean otherwise) {
        String text = options.getOrDefault(name, Boolean.toString(otherwise));
        if (!text.equals("true") && !text.equals("false")) {
            throw new PodnetException.Invalid("option " + name + " '" + text + "' is neither true nor false");
        }
        return text.equals("true");
    }

    private static <E extends Enum<E>> E word(Map<String, String> options, String name, Class<E> type, E otherwise) {
        String text = options.get(name);
        if (text == null) {
            return otherwise;
        }
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new PodnetException.Invalid("option " + name + " '" + text + "' is none of "
                        + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT)));
    }
}
