package io.podnet.benchmarks;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * Services of one port with endpoints of their own, numbered from 0: what all benchmarks of services load.
 *
 * @param endpoints how many each service has
 * @param clusterIp a service's address; without one all services are headless
 * @param endpointIp an endpoint's address, by its number among all endpoints
 */
record Population(int endpoints, Optional<IntFunction<IpAddress>> clusterIp, IntFunction<IpAddress> endpointIp) {
    Service service(int number) {
        return new Service(
                id(number),
                Map.of(),
                Map.of(),
                Service.Type.CLUSTER_IP,
                Map.of("app", "svc" + number),
                clusterIp.map(ip -> ip.apply(number)).stream().toList(),
                List.of(new ServicePort("http", Protocol.TCP, 80, "8080", OptionalInt.empty(), Optional.empty())),
                List.of(),
                Service.LoadBalancer.NONE,
                Optional.empty(),
                OptionalInt.empty(),
                Service.TrafficPolicy.CLUSTER,
                Service.TrafficPolicy.CLUSTER,
                Optional.empty(),
                false);
    }

    private static ServiceId id(int number) {
        return new ServiceId("ns", "svc" + number);
    }

    EndpointSlice slice(int number) {
        return slice(number, endpointIp.apply(number * endpoints));
    }

    /** The same with another address of its first endpoint. */
    EndpointSlice slice(int number, IpAddress first) {
        List<IpAddress> ips = new ArrayList<>(endpoints);
        for (int e = 0; e < endpoints; e++) {
            ips.add(e == 0 ? first : endpointIp.apply(number * endpoints + e));
        }
        return slice(number, ips);
    }

    /** The same without its last endpoint. */
    EndpointSlice shortSlice(int number) {
        List<IpAddress> ips = new ArrayList<>(endpoints);
        for (int e = 0; e < endpoints - 1; e++) {
            ips.add(endpointIp.apply(number * endpoints + e));
        }
        return slice(number, ips);
    }

    private static EndpointSlice slice(int number, List<IpAddress> ips) {
        return new EndpointSlice(
                "svc" + number + "-abcde",
                id(number),
                IpFamily.IPV4,
                ips.stream().map(Population::ready).toList(),
                List.of(new EndpointSlice.Port("http", Protocol.TCP, OptionalInt.of(8080))));
    }

    private static EndpointSlice.Endpoint ready(IpAddress ip) {
        return new EndpointSlice.Endpoint(
                List.of(ip),
                true,
                true,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
    }
}
