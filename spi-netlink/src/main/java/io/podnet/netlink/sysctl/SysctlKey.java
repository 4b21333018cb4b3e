package io.podnet.netlink.sysctl;

import io.podnet.api.PodnetException;
import java.util.List;

/**
 * The name of a setting below /proc/sys, as path segments. Only {@code net} is accepted: everything else there is the
 * whole machine's.
 *
 * @param segments for example {@code net, ipv4, conf, eth0.100, forwarding}; printable ASCII without slash or blank,
 *     neither {@code .} nor {@code ..}; anything else is a {@link PodnetException.Invalid}
 */
public record SysctlKey(List<String> segments) {
    private static final int LONGEST_PATH = 512;

    public SysctlKey {
        segments = List.copyOf(segments);
        if (segments.size() < 2 || !segments.get(0).equals("net")) {
            throw refused(segments, "only settings below net/ may be touched");
        }
        for (String segment : segments) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw refused(segments, "an empty segment, '.' or '..' is no name");
            }
            if (!segment.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/')) {
                throw refused(segments, "a segment is printable ASCII without slash or blank");
            }
        }
        if (String.join("/", segments).length() > LONGEST_PATH) {
            throw refused(segments, "the key is longer than " + LONGEST_PATH + " characters");
        }
    }

    /**
     * Names a setting.
     *
     * @param segments for example {@code "net", "ipv4", "ip_forward"}
     * @return the key
     * @throws PodnetException.Invalid where it is none
     */
    public static SysctlKey of(String... segments) {
        return new SysctlKey(List.of(segments));
    }

    /**
     * Names a per-interface setting.
     *
     * @param family {@code ipv4} or {@code ipv6}
     * @param table {@code conf} or {@code neigh}
     * @param interfaceName the interface, {@code all} or {@code default}
     * @param setting for example {@code forwarding}
     * @return the key
     * @throws PodnetException.Invalid where it is none
     */
    public static SysctlKey ofInterface(String family, String table, String interfaceName, String setting) {
        return of("net", family, table, interfaceName, setting);
    }

    /**
     * Reads a key as sysctl(8) does: whichever of {@code .} and {@code /} comes first separates, so that
     * {@code net/ipv4/conf/eth0.100/forwarding} keeps its interface name whole.
     *
     * @param text the key
     * @return the same, in segments
     * @throws PodnetException.Invalid where it is none
     */
    public static SysctlKey parse(String text) {
        int dot = text.indexOf('.');
        int slash = text.indexOf('/');
        boolean byDot = dot >= 0 && (slash < 0 || dot < slash);
        return new SysctlKey(List.of(text.split(byDot ? "\\." : "/", -1)));
    }

    private static PodnetException refused(List<String> segments, String why) {
        String shown = String.join("/", segments).replaceAll("[^ -~]", "?");
        return new PodnetException.Invalid(
                "sysctl '" + shown.substring(0, Math.min(shown.length(), 80)) + "' is refused: " + why);
    }

    /**
     * Gives the path below /proc/sys.
     *
     * @return the segments, joined by slashes
     */
    String path() {
        return String.join("/", segments);
    }

    @Override
    public String toString() {
        return path();
    }
}
