package io.podnet.iptables;

import io.podnet.api.Cidr;
import io.podnet.api.Names;
import io.podnet.api.PodnetException;
import io.podnet.iptables.restore.Flavour;
import io.podnet.services.LocalDetector;
import io.podnet.services.ModelSettings;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The proxy's own settings.
 *
 * @param backend the tools; empty to find out
 * @param masqueradeBit the bit of the packet mark that asks for masquerade
 * @param masqueradeAll whether all traffic to cluster IPs is masqueraded
 * @param detectLocal how packets of local pods are told from others; empty for the node's pod networks
 * @param nodePortAddresses networks of those node addresses that take node ports; empty for all
 * @param minSyncPeriod least time between two writes, after a burst of two
 * @param syncPeriod longest wait before a failed write is tried again; twice that, and the proxy counts as stuck
 * @param lockWait how long the legacy tools wait for the lock of the machine
 * @param toolTimeout how long one run of a tool may take
 */
record ProxyOptions(
        Optional<Flavour> backend,
        int masqueradeBit,
        boolean masqueradeAll,
        Optional<LocalDetector> detectLocal,
        List<Cidr> nodePortAddresses,
        Duration minSyncPeriod,
        Duration syncPeriod,
        Duration lockWait,
        Duration toolTimeout) {
    private static final Set<String> NAMES = Set.of(
            "backend",
            "masqueradeBit",
            "masqueradeAll",
            "detectLocal",
            "nodePortAddresses",
            "minSyncPeriod",
            "syncPeriod",
            "lockWait",
            "toolTimeout");

    static ProxyOptions parse(Map<String, String> options) {
        Set<String> unknown = new TreeSet<>(options.keySet());
        unknown.removeAll(NAMES);
        if (!unknown.isEmpty()) {
            throw new PodnetException.Invalid(
                    "the iptables proxy has no options " + unknown + "; it has " + new TreeSet<>(NAMES));
        }
        return new ProxyOptions(
                backend(options.getOrDefault("backend", "auto")),
                bit(options.getOrDefault("masqueradeBit", "14")),
                flag(options, "masqueradeAll"),
                detector(options.getOrDefault("detectLocal", "cidr")),
                cidrs(options.getOrDefault("nodePortAddresses", "")),
                duration(options, "minSyncPeriod", "PT0.1S", Duration.ZERO),
                duration(options, "syncPeriod", "PT30S", Duration.ofSeconds(1)),
                duration(options, "lockWait", "PT5S", Duration.ofSeconds(1)),
                duration(options, "toolTimeout", "PT5M", Duration.ofSeconds(1)));
    }

    /** What the model must know of a node that has these options. */
    ModelSettings modelSettings(
            String nodeName,
            Optional<String> zone,
            List<Cidr> podCidrs,
            List<Cidr> serviceCidrs,
            List<Cidr> externalCidrs) {
        LocalDetector detector = detectLocal.orElseGet(
                () -> podCidrs.isEmpty() ? new LocalDetector.None() : new LocalDetector.SourceCidrs(podCidrs));
        return new ModelSettings(
                nodeName, zone, serviceCidrs, externalCidrs, masqueradeAll, nodePortAddresses, detector);
    }

    private static Optional<Flavour> backend(String text) {
        return switch (text) {
            case "auto" -> Optional.empty();
            case "legacy" -> Optional.of(Flavour.LEGACY);
            case "nft" -> Optional.of(Flavour.NFT);
            default -> throw new PodnetException.Invalid("option backend='" + text + "' is not auto, legacy or nft");
        };
    }

    private static int bit(String text) {
        if (!text.matches("[0-9]|[12][0-9]|3[01]")) {
            throw new PodnetException.Invalid("option masqueradeBit='" + text + "' is not in 0..31");
        }
        return Integer.parseInt(text);
    }

    private static boolean flag(Map<String, String> options, String name) {
        String text = options.getOrDefault(name, "false");
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new PodnetException.Invalid("option " + name + "='" + text + "' is not true or false");
        };
    }

    private static Optional<LocalDetector> detector(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        String name = colon < 0 ? "" : text.substring(colon + 1);
        return switch (kind) {
            case "cidr" -> Optional.empty();
            case "none" -> Optional.of(new LocalDetector.None());
            case "bridge" -> Optional.of(new LocalDetector.BridgeInterface(interfaceName(name)));
            case "prefix" -> Optional.of(new LocalDetector.InterfaceNamePrefix(interfaceName(name)));
            default ->
                throw new PodnetException.Invalid(
                        "option detectLocal='" + text + "' is not cidr, none, bridge:NAME or prefix:START");
        };
    }

    /** Stricter than the kernel: the name becomes part of a rule's text, where quotes and plus signs mean something. */
    private static String interfaceName(String name) {
        if (!Names.interfaceName(name).matches("[A-Za-z0-9_.@-]+")) {
            throw new PodnetException.Invalid("interface '" + name
                    + "' of option detectLocal has other characters than letters, digits, '_', '.', '@', '-'");
        }
        return name;
    }

    private static List<Cidr> cidrs(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(Cidr::parse).toList();
    }

    private static Duration duration(Map<String, String> options, String name, String otherwise, Duration least) {
        String text = options.getOrDefault(name, otherwise);
        try {
            Duration duration = Duration.parse(text);
            if (duration.compareTo(least) >= 0 && duration.compareTo(Duration.ofDays(1)) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            throw new PodnetException.Invalid(
                    "option " + name + "='" + text + "' is no ISO 8601 duration, such as PT30S", e);
        }
        throw new PodnetException.Invalid("option " + name + "='" + text + "' is not between " + least + " and PT24H");
    }
}
