package io.podnet.services;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.spi.ServiceChanges;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Refuses a whole step that no proxy may take: it would reach into the node, or contradicts itself. */
final class StepCheck {
    private final ModelSettings settings;

    StepCheck(ModelSettings settings) {
        this.settings = settings;
    }

    void check(ServiceChanges changes) {
        unambiguous("service", changes.services().stream().map(Service::id).toList(), changes.removedServices());
        List<ServiceId> services = new ArrayList<>(changes.services().size());
        for (Service service : changes.services()) {
            services.add(service.id());
            if (Served.isServed(service)) {
                service(service);
            }
        }
        List<ServiceChanges.SliceId> slices =
                new ArrayList<>(changes.endpointSlices().size());
        for (EndpointSlice slice : changes.endpointSlices()) {
            slices.add(new ServiceChanges.SliceId(slice.service(), slice.name()));
            slice(slice);
        }
        unambiguous("service", services, changes.removedServices());
        unambiguous("endpoint slice", slices, changes.removedEndpointSlices());
    }

    private static <T> void unambiguous(String what, List<T> set, Collection<T> removed) {
        Set<T> seen = new HashSet<>(set.size() * 2);
        for (T id : set) {
            if (!seen.add(id)) {
                throw new PodnetException.Invalid(what + " " + id + " is in the step twice; name its last state only");
            }
        }
        for (T id : removed) {
            if (seen.contains(id)) {
                throw new PodnetException.Invalid(what + " " + id + " is both set and removed by the step");
            }
        }
    }

    private void service(Service service) {
        for (IpAddress ip : service.clusterIps()) {
            String reason = Unroutable.reason(ip);
            if (!reason.isEmpty()) {
                throw new PodnetException.Invalid(
                        "cluster IP " + ip + " of service " + service.id() + " is " + reason + "; take a unicast one");
            }
            if (!settings.serviceCidrs().isEmpty() && !settings.isServiceAddress(ip)) {
                throw new PodnetException.Invalid("cluster IP " + ip + " of service " + service.id()
                        + " is outside the service networks " + settings.serviceCidrs());
            }
        }
        int seconds = service.sessionAffinityTimeoutSeconds().orElse(1);
        if (seconds < 1 || seconds > 86_400) {
            throw new PodnetException.Invalid(
                    "session affinity's timeout " + seconds + " s of service " + service.id() + " is not in 1..86400");
        }
    }

    private void slice(EndpointSlice slice) {
        for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
            for (IpAddress ip : endpoint.addresses()) {
                String reason = Unroutable.reason(ip);
                if (!reason.isEmpty()) {
                    throw refused(slice, ip, reason);
                }
                if (settings.isServiceAddress(ip)) {
                    throw refused(slice, ip, "inside the service networks " + settings.serviceCidrs());
                }
            }
        }
        for (EndpointSlice.Port port : slice.ports()) {
            if (port.port().orElse(0) < 0 || port.port().orElse(0) > 65_535) {
                throw new PodnetException.Invalid("port " + port.port().getAsInt() + " of endpoint slice "
                        + slice.name() + " of service " + slice.service() + " is not in 1..65535");
            }
        }
    }

    private static PodnetException refused(EndpointSlice slice, IpAddress ip, String reason) {
        return new PodnetException.Invalid("endpoint " + ip + " of endpoint slice " + slice.name() + " of service "
                + slice.service() + " is " + reason + "; an endpoint has an address that packets can be sent to");
    }
}
