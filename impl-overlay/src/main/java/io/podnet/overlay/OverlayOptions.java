package io.podnet.overlay;

import io.podnet.api.Cidr;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.overlay.model.Backend;
import io.podnet.overlay.model.NetworkSettings;
import io.podnet.overlay.subnet.SubnetRange;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The plugin's own settings.
 *
 * @param backend how pods of other nodes are reached
 * @param delegate the plugin that wires pods on the node
 * @param delegateOptions its options
 * @param clusterCidrs the ranges of all pods; empty where the pod CIDR is the whole range
 * @param nodeCidrMaskSize length of a node's IPv4 subnet
 * @param nodeCidrMaskSizeIpv6 length of a node's IPv6 subnet
 * @param vni VXLAN network identifier
 * @param port UDP port of VXLAN
 * @param probePort UDP port of MTU probes, inside the tunnel
 * @param device what the names of the VXLAN devices begin with
 * @param table routing table of the backend neighbour
 * @param underlay addresses or links to reach others by, empty to choose
 * @param refresh how often everything is compared
 * @param timeToLive how long the store waits for a sign of life
 * @param forgetAfter how long a node may be silent before the others drop their ways to it
 * @param probe whether paths are proved with full-size packets
 */
record OverlayOptions(
        Backend backend,
        String delegate,
        Map<String, String> delegateOptions,
        List<Cidr> clusterCidrs,
        int nodeCidrMaskSize,
        int nodeCidrMaskSizeIpv6,
        int vni,
        int port,
        int probePort,
        String device,
        int table,
        List<String> underlay,
        Duration refresh,
        Duration timeToLive,
        Duration forgetAfter,
        boolean probe) {
    private static final String DELEGATE = "delegate.";
    private static final Set<String> NAMES = Set.of(
            "backend",
            "delegate",
            "clusterCidr",
            "nodeCidrMaskSize",
            "nodeCidrMaskSizeIpv6",
            "vni",
            "port",
            "probePort",
            "device",
            "table",
            "underlay",
            "refreshSeconds",
            "timeToLiveSeconds",
            "forgetAfterSeconds",
            "probe");
    private static final int LONGEST_DEVICE = 14;

    static OverlayOptions parse(Map<String, String> options) {
        Set<String> unknown = new TreeSet<>(options.keySet());
        unknown.removeIf(name -> NAMES.contains(name) || name.startsWith(DELEGATE));
        if (!unknown.isEmpty()) {
            throw new PodnetException.Invalid("the overlay plugin has no options " + unknown + "; it has "
                    + new TreeSet<>(NAMES) + ", and " + DELEGATE + "NAME for those of its delegate");
        }
        String device = options.getOrDefault("device", "pnvx");
        if (!device.matches("[a-z][a-z0-9-]*") || device.length() > LONGEST_DEVICE) {
            throw new PodnetException.Invalid("option device='" + device
                    + "' is no beginning of a link's name: lower case letters, digits and '-', at most "
                    + LONGEST_DEVICE);
        }
        Map<String, String> delegateOptions = new TreeMap<>();
        options.forEach((name, value) -> {
            if (name.startsWith(DELEGATE)) {
                delegateOptions.put(name.substring(DELEGATE.length()), value);
            }
        });
        String delegate = options.getOrDefault("delegate", "bridge");
        if (delegate.equals("overlay")) {
            throw new PodnetException.Invalid("option delegate='overlay': an overlay cannot be its own delegate");
        }
        int port = number(options, "port", 8477, 1, 65535);
        return new OverlayOptions(
                Backend.parse(options.getOrDefault("backend", Backend.VXLAN.text())),
                delegate,
                delegateOptions,
                cidrs(options.getOrDefault("clusterCidr", "")),
                number(options, "nodeCidrMaskSize", 24, 1, 30),
                number(options, "nodeCidrMaskSizeIpv6", 64, 1, 126),
                number(options, "vni", 1, 0, (1 << 24) - 1),
                port,
                number(options, "probePort", port == 65535 ? port - 1 : port + 1, 1, 65535),
                device,
                number(options, "table", 28_782, 256, 32_765),
                list(options.getOrDefault("underlay", "")),
                Duration.ofSeconds(number(options, "refreshSeconds", 90, 1, 86_400)),
                Duration.ofSeconds(number(options, "timeToLiveSeconds", 30, 1, 86_400)),
                Duration.ofSeconds(number(options, "forgetAfterSeconds", 86_400, 10, 31_536_000)),
                flag(options, "probe", true));
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private static List<Cidr> cidrs(String text) {
        return list(text).stream()
                .map(Cidr::parse)
                .sorted(Comparator.comparing(Cidr::family))
                .toList();
    }

    private static int number(Map<String, String> options, String name, int otherwise, int least, int most) {
        String text = options.getOrDefault(name, Integer.toString(otherwise));
        if (!text.matches("[0-9]{1,8}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new PodnetException.Invalid("option " + name + "='" + text + "' is not in " + least + ".." + most);
        }
        return Integer.parseInt(text);
    }

    private static boolean flag(Map<String, String> options, String name, boolean otherwise) {
        String text = options.getOrDefault(name, Boolean.toString(otherwise));
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new PodnetException.Invalid("option " + name + "='" + text + "' is not true or false");
        };
    }

    /** The settings for a node with these pod CIDRs. */
    NetworkSettings settings(List<Cidr> podCidrs) {
        List<Cidr> ranges = clusterCidrs.isEmpty() && backend == Backend.NEIGHBOUR ? podCidrs : clusterCidrs;
        if (ranges.isEmpty()) {
            throw new PodnetException.Invalid("backend " + backend.text()
                    + " needs the option clusterCidr, the range of all pods, for example 10.244.0.0/16");
        }
        if (backend == Backend.NEIGHBOUR && !ranges.equals(podCidrs)) {
            throw new PodnetException.Invalid("with backend neighbour each node's pod CIDR is the range of all pods: "
                    + ranges + ", not " + podCidrs);
        }
        for (Cidr subnet : podCidrs) {
            boolean inside = ranges.stream().anyMatch(range -> range.contains(subnet.network()));
            if (!inside) {
                throw new PodnetException.Invalid("pod CIDR " + subnet + " is not in the clusterCidr " + ranges);
            }
        }
        return new NetworkSettings(backend, ranges, vni, port, device, table);
    }

    /** The ranges that subnets are leased from. */
    List<SubnetRange> ranges() {
        return clusterCidrs.stream()
                .map(cidr ->
                        new SubnetRange(cidr, cidr.family() == IpFamily.IPV4 ? nodeCidrMaskSize : nodeCidrMaskSizeIpv6))
                .toList();
    }
}
