package io.podnet.overlay.address;

import io.podnet.api.PodnetException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;

/**
 * The options of {@code cluster}.
 *
 * @param blockSizeIpv4 prefix length of IPv4 blocks; Calico's default
 * @param blockSizeIpv6 prefix length of IPv6 blocks; Calico's default
 * @param coolDown how long a released address is not handed out by the node that released it
 * @param timeToLive how long the store waits for a sign of life of this node
 * @param reclaimAfter how long after that a node's blocks stay its own; flannel's lease lasts a day
 */
record ClusterIpamOptions(
        int blockSizeIpv4, int blockSizeIpv6, Duration coolDown, Duration timeToLive, Duration reclaimAfter) {
    private static final Set<String> NAMES =
            Set.of("blockSizeIpv4", "blockSizeIpv6", "coolDown", "timeToLive", "reclaimAfter");

    static ClusterIpamOptions of(Map<String, String> texts) {
        for (String name : texts.keySet()) {
            if (!NAMES.contains(name)) {
                throw new PodnetException.Invalid("the Ipam 'cluster' has no option '" + name
                        + "', only blockSizeIpv4, blockSizeIpv6, coolDown, timeToLive, reclaimAfter");
            }
        }
        return new ClusterIpamOptions(
                number(texts, "blockSizeIpv4", 26, 32),
                number(texts, "blockSizeIpv6", 122, 128),
                duration(texts, "coolDown", "PT30S", Duration.ZERO),
                duration(texts, "timeToLive", "PT30S", Duration.ofSeconds(1)),
                duration(texts, "reclaimAfter", "PT24H", Duration.ZERO));
    }

    private static int number(Map<String, String> texts, String name, int otherwise, int most) {
        String text = texts.getOrDefault(name, Integer.toString(otherwise));
        if (!text.matches("[1-9][0-9]{0,2}") || Integer.parseInt(text) > most) {
            throw new PodnetException.Invalid(name + " '" + text + "' is no prefix length, for example " + otherwise);
        }
        return Integer.parseInt(text);
    }

    private static Duration duration(Map<String, String> texts, String name, String otherwise, Duration least) {
        String text = texts.getOrDefault(name, otherwise);
        Duration duration;
        try {
            duration = Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new PodnetException.Invalid(
                    name + " '" + text + "' is not an ISO-8601 duration such as " + otherwise, e);
        }
        if (duration.compareTo(least) < 0 || duration.compareTo(Duration.ofDays(1)) > 0) {
            throw new PodnetException.Invalid(name + " " + text + " is not in " + least + "..PT24H");
        }
        return duration;
    }
}
