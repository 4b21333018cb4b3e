package io.podnet.dns.forward;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.dns.response.DomainName;
import java.util.List;
import java.util.Optional;

/**
 * Reverse names of networks whose length is no multiple of a label. Stateless beside the list; safe for any thread.
 *
 * @param networks networks of our own
 */
record ReverseNames(List<Cidr> networks) {
    private static final DomainName IPV4 = DomainName.parse("in-addr.arpa");
    private static final DomainName IPV6 = DomainName.parse("ip6.arpa");

    ReverseNames {
        networks = List.copyOf(networks);
    }

    /** Tells whether a name is the reverse name of an address, or of a part, of one of the networks. */
    boolean contain(DomainName name) {
        boolean ipv4 = name.isAtOrBelow(IPV4);
        if (networks.isEmpty() || (!ipv4 && !name.isAtOrBelow(IPV6))) {
            return false;
        }
        Optional<Cidr> asked = ipv4 ? network(name, IPV4, 4, 8, 10) : network(name, IPV6, 32, 4, 16);
        return asked.isPresent()
                && networks.stream()
                        .anyMatch(network -> network.family() == asked.get().family()
                                && network.prefixLength() <= asked.get().prefixLength()
                                && network.contains(asked.get().network()));
    }

    private static Optional<Cidr> network(DomainName name, DomainName zone, int labels, int bits, int radix) {
        byte[] octets = name.toBytes();
        int count = name.labels() - zone.labels();
        int skipped = Math.max(0, count - labels);
        int at = 0;
        for (int i = 0; i < skipped; i++) {
            at += octets[at] + 1;
        }
        byte[] address = new byte[labels * bits / 8];
        for (int i = count - skipped - 1; i >= 0; i--) {
            int value = number(octets, at + 1, octets[at], radix);
            if (value < 0 || value >= 1 << bits) {
                return Optional.empty();
            }
            address[i * bits / 8] |= (byte) (bits == 8 ? value : i % 2 == 0 ? value << 4 : value);
            at += octets[at] + 1;
        }
        return Optional.of(new Cidr(IpAddress.of(address), (count - skipped) * bits));
    }

    private static int number(byte[] octets, int from, int length, int radix) {
        if (length < 1 || length > 3) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + length; i++) {
            int digit = Character.digit(octets[i], radix);
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }
}
