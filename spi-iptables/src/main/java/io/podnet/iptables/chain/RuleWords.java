package io.podnet.iptables.chain;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import java.util.Locale;

/** Parts of a rule, each with the blank that follows it, in iptables-save's words. */
final class RuleWords {
    private RuleWords() {}

    static String to(IpAddress ip) {
        return "-d " + host(ip) + " ";
    }

    static String from(IpAddress ip) {
        return "-s " + host(ip) + " ";
    }

    static String from(Cidr cidr) {
        // iptables-save leaves out what matches everything.
        return cidr.prefixLength() == 0 ? "" : "-s " + cidr + " ";
    }

    static String host(IpAddress ip) {
        return ip + "/" + ip.family().bits();
    }

    static String comment(String text) {
        return "-m comment --comment \"" + text + "\" ";
    }

    static String destinationPort(String protocol, int port) {
        return "-m " + protocol + " --dport " + port + " ";
    }

    static String reject(IpFamily family) {
        return family == IpFamily.IPV4
                ? "-j REJECT --reject-with icmp-port-unreachable"
                : "-j REJECT --reject-with icmp6-port-unreachable";
    }

    static String clientMask(IpFamily family) {
        return family == IpFamily.IPV4
                ? "--mask 255.255.255.255 --rsource "
                : "--mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff --rsource ";
    }

    /** A probability of one in n, as the kernel keeps it (31 bits, xt_statistic.h) and iptables-save prints it. */
    static String oneIn(int n) {
        double kept = Math.round(0x80000000L / (double) n);
        return String.format(Locale.ROOT, "%.11f", kept / 0x80000000L);
    }
}
