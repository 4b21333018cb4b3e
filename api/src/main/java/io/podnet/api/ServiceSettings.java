package io.podnet.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node's settings for services, as {@link PodnetBuilder} collected and checked them. */
record ServiceSettings(
        Optional<String> proxy,
        List<Cidr> serviceCidrs,
        List<Cidr> externalCidrs,
        Optional<String> zone,
        Map<String, String> proxyOptions,
        boolean podsReadyAtSetUp) {
    void check(List<Cidr> podCidrs) {
        if (proxy.isEmpty() && !proxyOptions.isEmpty()) {
            throw new PodnetException.Invalid("options of the service proxy " + proxyOptions.keySet()
                    + " are set, but no proxy is chosen; choose one, for example serviceProxy(\"iptables\")");
        }
        if (serviceCidrs.stream().map(Cidr::family).distinct().count() != serviceCidrs.size()) {
            throw new PodnetException.Invalid("service CIDRs " + serviceCidrs + " have two of one family");
        }
        for (Cidr service : serviceCidrs) {
            if (service.family().bits() - service.prefixLength() < 2) {
                throw new PodnetException.Invalid("service CIDR " + service + " is too small for services");
            }
            for (Cidr pods : podCidrs) {
                if (service.overlaps(pods)) {
                    throw new PodnetException.Invalid("service CIDR " + service + " and pod CIDR " + pods
                            + " overlap; use networks of their own");
                }
            }
        }
    }
}
