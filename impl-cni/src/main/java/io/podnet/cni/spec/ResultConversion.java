package io.podnet.cni.spec;

import io.podnet.api.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What is lost from one version to another; source: libcni's {@code pkg/types/100} and {@code pkg/types/040}. */
final class ResultConversion {
    private ResultConversion() {}

    static CniResult convert(CniResult from, CniVersion to) {
        if (to.isAtLeast(CniVersion.V1_0_0)) {
            return new CniResult(to, from.interfaces(), from.ips(), from.routes(), from.dns());
        }
        if (to.isAtLeast(CniVersion.V0_3_0)) {
            List<CniInterface> interfaces = from.interfaces().stream()
                    .map(one -> new CniInterface(one.name(), one.mac(), 0, one.sandbox()))
                    .toList();
            return new CniResult(to, interfaces, from.ips(), from.routes(), from.dns());
        }
        return toFirst(from, to);
    }

    private static CniResult toFirst(CniResult from, CniVersion to) {
        List<CniIp> ips = new ArrayList<>();
        List<CniRoute> routes = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            Optional<CniIp> ip = from.ips().stream()
                    .filter(one -> one.address().address().family() == family)
                    .findFirst();
            if (ip.isPresent()) {
                ips.add(new CniIp(ip.get().address(), ip.get().gateway(), OptionalInt.empty()));
                from.routes().stream()
                        .filter(route -> route.destination().address().family() == family)
                        .map(route -> new CniRoute(route.destination(), route.gateway()))
                        .forEach(routes::add);
            }
        }
        if (ips.isEmpty()) {
            throw new CniException(
                    CniError.INCOMPATIBLE_VERSION,
                    "a result without address cannot be written in CNI version " + to,
                    "it needs version 0.3.0 or newer");
        }
        return new CniResult(to, List.of(), ips, routes, from.dns());
    }
}
