package io.podnet.api;

import java.util.List;

/**
 * Which endpoints nobody may make by hand: those that would lead a pod's packets into the node itself (CVE-2021-25737),
 * or round in a circle through the services.
 */
final class SliceRules {
    private SliceRules() {}

    static void check(EndpointSlice slice, List<Cidr> serviceCidrs) {
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

    private static String refusal(IpAddress ip, List<Cidr> serviceCidrs) {
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
        return serviceCidrs.stream()
                .filter(cidr -> cidr.contains(ip))
                .map(cidr -> "inside service CIDR " + cidr)
                .findFirst()
                .orElse("");
    }
}
