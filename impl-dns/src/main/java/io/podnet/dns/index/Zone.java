package io.podnet.dns.index;

import io.podnet.api.Cidr;
import io.podnet.api.IpFamily;
import io.podnet.dns.wire.Authority;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.WireName;
import java.util.List;

/**
 * What does not change in the zones that are answered: the cluster's domain, and the networks whose reverse names are
 * answered. Immutable; the arrays that it gives are not to be changed.
 */
public final class Zone {
    private final byte[] domain;
    private final int labels;
    private final byte[] services;
    private final byte[] server;
    private final byte[] mailbox;
    private final byte[] times;
    private final Authority authority;
    private final List<Cidr> networks;

    /**
     * Makes a zone.
     *
     * @param domain the cluster's domain, for example {@code cluster.local}
     * @param negativeTtl seconds that a negative answer may be kept: the SOA's minimum (RFC 2308)
     * @param networks networks whose reverse names are answered
     */
    public Zone(String domain, int negativeTtl, List<Cidr> networks) {
        this.domain = WireName.of(domain);
        this.labels = (int) domain.chars().filter(c -> c == '.').count() + 1;
        this.services = WireName.of("svc." + domain);
        this.server = WireName.of("ns.dns." + domain);
        this.mailbox = WireName.of("hostmaster." + domain);
        this.networks = List.copyOf(networks);
        times = new byte[16];
        // Refresh, retry, expire: nobody transfers this zone.
        Octets.put32(times, 0, 7200);
        Octets.put32(times, 4, 1800);
        Octets.put32(times, 8, 86400);
        Octets.put32(times, 12, negativeTtl);
        authority = new Authority(WireName.labels("ns", "dns"), WireName.labels("hostmaster"), times);
    }

    /**
     * Gives the domain.
     *
     * @return a name, small letters
     */
    public byte[] domain() {
        return domain;
    }

    int labels() {
        return labels;
    }

    /**
     * Gives the name that all services are below.
     *
     * @return {@code svc.} and the domain
     */
    public byte[] services() {
        return services;
    }

    /**
     * Gives the name server's name.
     *
     * @return {@code ns.dns.} and the domain, as CoreDNS names it
     */
    public byte[] server() {
        return server;
    }

    /**
     * Gives the SOA's mailbox.
     *
     * @return {@code hostmaster.} and the domain
     */
    public byte[] mailbox() {
        return mailbox;
    }

    /**
     * Gives the SOA's times.
     *
     * @return refresh, retry, expire and minimum as a message has them
     */
    public byte[] times() {
        return times;
    }

    /**
     * Gives the SOA of {@link #domain()}, whose names lie in it.
     *
     * @return its data
     */
    public Authority authority() {
        return authority;
    }

    /** Tells whether all addresses with these leading bits are in a network whose reverse names are answered. */
    boolean reverse(IpFamily family, long high, long low, int bits) {
        for (int i = 0; i < networks.size(); i++) {
            Cidr network = networks.get(i);
            if (network.family() == family && network.prefixLength() <= bits) {
                int kept = network.prefixLength();
                long networkHigh = AddressTree.high(network.network());
                long networkLow = AddressTree.low(network.network());
                long highMask = kept == 0 ? 0 : kept >= 64 ? -1L : -1L << (64 - kept);
                long lowMask = kept <= 64 ? 0 : -1L << (128 - kept);
                if ((high & highMask) == networkHigh && (low & lowMask) == networkLow) {
                    return true;
                }
            }
        }
        return false;
    }
}
