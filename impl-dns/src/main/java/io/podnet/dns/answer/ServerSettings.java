package io.podnet.dns.answer;

import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import java.util.List;

/**
 * What the server says of itself.
 *
 * @param addresses the addresses that its name has
 * @param payloadSize the most octets of a datagram, sent and stated in OPT; 512 to 4096
 */
public record ServerSettings(List<IpAddress> addresses, int payloadSize) {
    /** Fits into an IPv6 packet of the least MTU (RFC 9715). */
    public static final int PAYLOAD_SIZE = 1232;

    public ServerSettings {
        addresses = List.copyOf(addresses);
        if (payloadSize < 512 || payloadSize > 4096) {
            throw new PodnetException.Invalid("payload size " + payloadSize + " is not in 512..4096");
        }
    }
}
