package io.podnet.services;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;

/**
 * Addresses that no service may stand for and no endpoint may have: traffic to them would stay on the node, on the
 * link, or reach many. Kubernetes refuses them in ValidateEndpointIP (CVE-2021-25737 was a gap in it).
 */
final class Unroutable {
    private Unroutable() {}

    /** Names the class of an address that cannot be used; empty for one that can. */
    static String reason(IpAddress address) {
        if (address.isLoopback()) {
            return "a loopback address";
        }
        if (address.isLinkLocal()) {
            return "a link-local address";
        }
        if (address.isMulticast()) {
            return "a multicast address";
        }
        if (address.isUnspecified()) {
            return "the unspecified address";
        }
        if (address.family() == IpFamily.IPV4) {
            return address.low() == 0xffff_ffffL ? "the broadcast address" : "";
        }
        // RFC 4291 section 2.5.5.2: it would bring the IPv4 classes above back in another dress.
        return address.high() == 0 && address.low() >>> 32 == 0xffff ? "an IPv4-mapped address" : "";
    }
}
