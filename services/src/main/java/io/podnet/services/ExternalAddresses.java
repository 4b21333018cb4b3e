package io.podnet.services;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Which external addresses a service gets: whoever may write a service must not take over any address he names. */
final class ExternalAddresses {
    private ExternalAddresses() {}

    /** Gives the load balancer's addresses that nodes take traffic for; ipMode Proxy (KEP-1860) leaves them alone. */
    static List<IpAddress> balancers(Service service) {
        List<IpAddress> addresses = new ArrayList<>();
        for (Service.Ingress ingress : service.loadBalancer().ingress()) {
            if (!ingress.proxied()) {
                addresses.add(ingress.ip());
            }
        }
        return addresses;
    }

    /** Picks one family's admitted addresses, sorted, each once, without those that are taken already. */
    static List<IpAddress> admitted(
            List<IpAddress> asked, IpFamily family, Collection<IpAddress> taken, ModelSettings settings) {
        if (asked.isEmpty()) {
            return List.of();
        }
        return asked.stream()
                .filter(ip -> ip.family() == family && !taken.contains(ip) && settings.admitsExternal(ip))
                .distinct()
                .sorted()
                .toList();
    }

    /** Lists what a service asks for and does not get. */
    static List<RefusedAddress> refused(Service service, ModelSettings settings) {
        List<IpAddress> asked = new ArrayList<>(service.externalIps());
        if (service.type() == Service.Type.LOAD_BALANCER) {
            asked.addAll(balancers(service));
        }
        if (asked.isEmpty()) {
            return List.of();
        }
        return asked.stream()
                .filter(ip -> !settings.admitsExternal(ip))
                .distinct()
                .sorted()
                .map(ip -> new RefusedAddress(service.id(), ip))
                .toList();
    }
}
