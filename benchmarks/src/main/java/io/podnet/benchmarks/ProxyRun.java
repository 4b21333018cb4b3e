package io.podnet.benchmarks;

import io.podnet.api.Cidr;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.Service;
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
        Population population = new Population(
                endpoints,
                Optional.of(i -> IpAddress.parse(RawRules.serviceIp(i))),
                i -> IpAddress.parse(RawRules.endpointIp(i)));
        List<Service> all = new ArrayList<>();
        List<EndpointSlice> slices = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            all.add(population.service(i));
            slices.add(population.slice(i));
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
                EndpointSlice changed =
                        population.slice(services - 1 - i % services, IpAddress.parse("10.127.0." + (i + 1)));
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

    private static int residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToInt(line -> Integer.parseInt(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }
}
