package io.podnet.allocation;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.IpFamilyPolicy;
import io.podnet.api.PodnetException;
import io.podnet.api.ServiceSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides a service's families, in order. Source: Kubernetes, KEP-563 and pkg/registry/core/service/storage/alloc.go
 * (defaultOnWrite, initIPFamilyFields).
 */
final class Families {
    private Families() {}

    static List<IpFamily> of(ServiceSpec spec, List<IpFamily> cluster) {
        List<IpFamily> wanted = new ArrayList<>(spec.ipFamilies());
        spec.service().clusterIps().stream()
                .map(IpAddress::family)
                .filter(family -> !wanted.contains(family))
                .forEach(wanted::add);
        IpFamilyPolicy policy = spec.ipFamilyPolicy().orElse(IpFamilyPolicy.SINGLE_STACK);
        if (wanted.size() > 1 && policy == IpFamilyPolicy.SINGLE_STACK) {
            throw new PodnetException.Invalid("service " + spec.id()
                    + " has two IP families, so its ipFamilyPolicy must be PreferDualStack or RequireDualStack");
        }
        for (IpFamily family : wanted) {
            if (!cluster.contains(family)) {
                throw new PodnetException.Invalid("service " + spec.id() + " asks for " + family
                        + ", and there is no service CIDR of that family; add one, or leave the family out");
            }
        }
        List<IpFamily> families = new ArrayList<>(wanted);
        for (IpFamily family : cluster) {
            boolean more = families.isEmpty() || policy != IpFamilyPolicy.SINGLE_STACK;
            if (more && !families.contains(family)) {
                families.add(family);
            }
        }
        if (policy == IpFamilyPolicy.REQUIRE_DUAL_STACK && families.size() < 2) {
            throw new PodnetException.Invalid("service " + spec.id()
                    + " requires dual stack, and there are service CIDRs of one family only: add one, or use"
                    + " PreferDualStack");
        }
        return families;
    }
}
