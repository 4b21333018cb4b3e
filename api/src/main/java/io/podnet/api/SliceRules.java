package io.podnet.api;

import java.util.List;

/**
 * Which endpoints nobody may make by hand: those that would lead a pod's packets into the node itself (CVE-2021-25737),
 * or round in a circle through the services.
 */
final class SliceRules {
    private SliceRules() {}

    /** Refuses all that a proxy would: one slice that a proxy refuses keeps it from taking any other. */
    static void check(EndpointSlice slice, List<Cidr> serviceCidrs) {
        for (EndpointSlice.Port port : slice.ports()) {
            int number = port.port().orElse(1);
            if (number < 1 || number > 65_535) {
                throw new PodnetException.Invalid("port " + number + " of endpoint slice " + slice.name()
                        + " of service " + slice.service() + " is not in 1..65535");
            }
        }
        for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
            for (IpAddress ip : endpoint.addresses()) {
                String what = refusal(ip, serviceCidrs);
                if (!what.isEmpty()) {
                    throw new PodnetException.Invalid("endpoint " + ip + " of endpoint slice " + slice.name()
                            + " of service " + slice.service() + " is " + what
                            + "; an endpoint has an address that packets can be sent to");
                }
                if (ip.family() != slice.addressType()) {
                    throw new PodnetException.Invalid("endpoint " + ip + " of endpoint slice " + slice.name()
                            + " of service " + slice.service() + " is not of its addressType " + slice.addressType());
                }
            }
        }
    }

    /** Names what is wrong with an address; empty where it may be an endpoint's. */
    static String refusal(IpAddress ip, List<Cidr> serviceCidrs) {
        if (ip.isLoopback()) {
            return "a loopback address";
        }
        if (ip.isLinkLocal()) {
            return "a link-local address";
        }
        if (ip.isMulticast()) {
            return "a multicast address";
        }
        if (ip.isUnspecified()) {
            return "unspecified";
        }
        if (ip.family() == IpFamily.IPV4 && ip.low() == 0xffff_ffffL) {
            return "the broadcast address";
        }
        // RFC 4291 section 2.5.5.2: another dress of the IPv4 addresses above.
        if (ip.family() == IpFamily.IPV6 && ip.high() == 0 && ip.low() >>> 32 == 0xffff) {
            return "an IPv4-mapped address";
        }
        return serviceCidrs.stream()
                .filter(cidr -> cidr.contains(ip))
                .map(cidr -> "inside service CIDR " + cidr)
                .findFirst()
                .orElse("");
    }
}
