package io.podnet.dns.forward;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.dns.response.DomainName;
import io.podnet.dns.response.Image;
import io.podnet.dns.response.Images;
import io.podnet.dns.response.Question;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseCode;
import java.util.List;
import java.util.Optional;

/**
 * Names that no server outside has anything true to say about, so that asking would only tell it what is going on here:
 * special uses (RFC 6761, 6762, 7686, 8375, 9476, 9462; ICANN's {@code internal}), reverse names of private networks
 * (RFC 6303, 7793) and of our own, and the cluster's domain. Safe for any thread.
 */
final class SpecialNames {
    private static final DomainName LOCALHOST = DomainName.parse("localhost");
    private static final int ADDRESS_TTL = 10_800;
    private static final IpAddress LOOPBACK_4 = IpAddress.parse("127.0.0.1");
    private static final IpAddress LOOPBACK_6 = IpAddress.parse("::1");

    private static final List<String> SPECIAL_USE =
            List.of("localhost", "invalid", "test", "local", "onion", "alt", "internal", "home.arpa", "resolver.arpa");
    private static final List<String> PRIVATE_REVERSE = List.of(
            "0.in-addr.arpa",
            "10.in-addr.arpa",
            "127.in-addr.arpa",
            "254.169.in-addr.arpa",
            "168.192.in-addr.arpa",
            "2.0.192.in-addr.arpa",
            "100.51.198.in-addr.arpa",
            "113.0.203.in-addr.arpa",
            "255.255.255.255.in-addr.arpa",
            "0".concat(".0".repeat(31)).concat(".ip6.arpa"),
            "1".concat(".0".repeat(31)).concat(".ip6.arpa"),
            "8.b.d.0.1.0.0.2.ip6.arpa",
            "c.f.ip6.arpa",
            "d.f.ip6.arpa",
            "8.e.f.ip6.arpa",
            "9.e.f.ip6.arpa",
            "a.e.f.ip6.arpa",
            "b.e.f.ip6.arpa");

    private final ZoneMap<DomainName> zones = new ZoneMap<>();
    private final ReverseNames own;

    /**
     * @param clusterDomain the cluster's domain, which the index answers; here it is only never forwarded
     * @param networks pod and service networks
     */
    SpecialNames(DomainName clusterDomain, List<Cidr> networks) {
        own = new ReverseNames(networks);
        add(clusterDomain);
        SPECIAL_USE.forEach(name -> add(DomainName.parse(name)));
        PRIVATE_REVERSE.forEach(name -> add(DomainName.parse(name)));
        for (int i = 16; i < 32; i++) {
            add(DomainName.parse(i + ".172.in-addr.arpa"));
        }
        for (int i = 64; i < 128; i++) {
            add(DomainName.parse(i + ".100.in-addr.arpa"));
        }
    }

    private void add(DomainName zone) {
        zones.put(zone, zone);
    }

    /** Gives the answer to a special name; empty for all others. */
    Optional<Image> answer(Question question) {
        DomainName name = question.name();
        Optional<DomainName> zone = zones.find(name);
        if (zone.isEmpty()) {
            return own.contain(name)
                    ? Optional.of(Images.negative(question, ResponseCode.NXDOMAIN, name.parent()))
                    : Optional.empty();
        }
        if (zone.get().equals(LOCALHOST)) {
            return Optional.of(localhost(question));
        }
        int rcode = name.equals(zone.get()) ? ResponseCode.NOERROR : ResponseCode.NXDOMAIN;
        return Optional.of(Images.negative(question, rcode, zone.get()));
    }

    private static Image localhost(Question question) {
        return switch (question.type()) {
            case RecordType.A -> Images.address(question, LOOPBACK_4, ADDRESS_TTL);
            case RecordType.AAAA -> Images.address(question, LOOPBACK_6, ADDRESS_TTL);
            default -> Images.negative(question, ResponseCode.NOERROR, LOCALHOST);
        };
    }
}
