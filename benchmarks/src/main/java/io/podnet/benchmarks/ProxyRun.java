package io.podnet.benchmarks;

import io.podnet.api.Cidr;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServicePort;
import io.podnet.iptables.IptablesServiceProxyProvider;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceProxy;
import io.podnet.spi.ServiceProxyProvider.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Our proxy in a JVM and a namespace of its own: cold sync, single changes, resident memory. Prints one line. */
final class ProxyRun {
    private static final int CHANGES = 15;
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private ProxyRun() {}

    /**
     * Runs.
     *
     * @param arguments services, endpoints, legacy or nft
     */
    public static void main(String[] arguments) throws Exception {
        int services = Integer.parseInt(arguments[0]);
        int endpoints = Integer.parseInt(arguments[1]);
        Context context = new Context(
                "node1",
                Optional.empty(),
                NetworkNamespace.current(),
                List.of(Cidr.parse("10.128.0.0/9")),
                List.of(Cidr.parse("10.96.0.0/16")),
                List.of(),
                Path.of("/run"),
                Map.of("backend", arguments[2], "minSyncPeriod", "PT0S", "toolTimeout", "PT20M"));
        List<Service> all = new ArrayList<>();
        List<EndpointSlice> slices = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            all.add(service(i));
            slices.add(slice(i, endpoints, RawRules.endpointIp(i * endpoints)));
        }
        ServiceChanges complete = ServiceChanges.complete(all, slices);
        all.clear();
        slices.clear();
        try (ServiceProxy proxy = new IptablesServiceProxyProvider().create(context)) {
            double full = programmed(proxy, complete);
            complete = ServiceChanges.complete(List.of(), List.of());
            int resident = residentKib();
            Samples changes = new Samples();
            for (int i = 0; i < CHANGES; i++) {
                EndpointSlice changed = slice(services - 1 - i % services, endpoints, "10.127.0." + (i + 1));
                ServiceChanges change = new ServiceChanges(false, List.of(), List.of(), List.of(changed), List.of());
                changes.add((long) (programmed(proxy, change) * 1e6));
            }
            System.out.printf(
                    Locale.ROOT, "%.1f %.1f %d %d%n", full, changes.micros(50) / 1e3, resident, residentKib());
        }
    }

    private static double programmed(ServiceProxy proxy, ServiceChanges changes) {
        long before = System.nanoTime();
        if (!proxy.awaitProgrammed(proxy.apply(changes), PATIENCE)) {
            throw new IllegalStateException(proxy.status().toString());
        }
        return (System.nanoTime() - before) / 1e6;
    }

    private static Service service(int number) {
        return new Service(
                new ServiceId("ns", "svc" + number),
                Map.of(),
                Map.of(),
                Service.Type.CLUSTER_IP,
                Map.of(),
                List.of(IpAddress.parse(RawRules.serviceIp(number))),
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

    private static EndpointSlice slice(int number, int endpoints, String first) {
        List<EndpointSlice.Endpoint> all = new ArrayList<>();
        for (int e = 0; e < endpoints; e++) {
            String ip = e == 0 ? first : RawRules.endpointIp(number * endpoints + e);
            all.add(new EndpointSlice.Endpoint(
                    List.of(IpAddress.parse(ip)),
                    true,
                    true,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    Optional.empty()));
        }
        return new EndpointSlice(
                "svc" + number + "-abcde",
                new ServiceId("ns", "svc" + number),
                IpFamily.IPV4,
                all,
                List.of(new EndpointSlice.Port("http", Protocol.TCP, OptionalInt.of(8080))));
    }

    private static int residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToInt(line -> Integer.parseInt(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }
}
