package io.podnet.benchmarks;

import io.podnet.api.Cidr;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.Packet;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.services.LocalDetector;
import io.podnet.services.ModelSettings;
import io.podnet.services.ServiceModel;
import io.podnet.spi.ServiceChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The services model alone, without a kernel: the first complete step in a fresh process, then single changes. Sizes
 * and shape are those of the rule benchmarks: services with 10 endpoints on one port.
 */
final class ServicesModelBenchmark {
    private static final int ENDPOINTS = 10;
    private static final int CHANGES = 5000;

    private static final Population POPULATION = new Population(
            ENDPOINTS,
            Optional.of(ServicesModelBenchmark::clusterIp),
            i -> IpAddress.parse("10.128.0.0").plus(1 + i));

    private ServicesModelBenchmark() {}

    /**
     * Runs.
     *
     * @param arguments the number of services
     */
    public static void main(String[] arguments) {
        int services = Integer.parseInt(arguments[0]);
        ServiceModel model = new ServiceModel(settings());
        double cold = firstStep(model, services);
        // The caller's objects are gone by now, as they are after a watch's first list.
        long heap = usedHeap();
        Samples endpoint = new Samples();
        double firstChange = 0;
        for (int i = 0; i < CHANGES; i++) {
            ServiceChanges change = endpointChange((int) (i * 7919L % services), i / services);
            long start = System.nanoTime();
            int changed = model.update(change).ports().size();
            long nanos = System.nanoTime() - start;
            require(changed == 1, "one port changed");
            endpoint.add(nanos);
            firstChange = i == 0 ? nanos / 1e3 : firstChange;
        }
        Samples explain = new Samples();
        for (int i = 0; i < CHANGES; i++) {
            Packet packet = packet((int) (i * 7919L % services));
            long start = System.nanoTime();
            int candidates = model.explain(packet, List.of()).candidates().size();
            explain.add(System.nanoTime() - start);
            require(candidates == ENDPOINTS || candidates == ENDPOINTS - 1, "the packet meets its service");
        }
        Samples plan = new Samples();
        for (int i = 0; i < 200; i++) {
            ServiceChanges change = endpointChange((int) (i * 7919L % services), 1);
            long start = System.nanoTime();
            int steps = model.plan(change).steps().size();
            plan.add(System.nanoTime() - start);
            require(steps == 2, "a port and an endpoint change");
        }
        long rest = usedHeap();
        require(model.isComplete(), "the model is still there to be measured");
        System.out.printf(
                Locale.ROOT,
                "%d services x %d: cold %.0f ms; one endpoint change p50 %.1f us, p99 %.1f us, first %.0f us; "
                        + "explain p50 %.1f us; plan p50 %.0f us; heap %.1f MB after the first step, %.1f MB at the end%n",
                services,
                ENDPOINTS,
                cold,
                endpoint.micros(50),
                endpoint.micros(99),
                firstChange,
                explain.micros(50),
                plan.micros(50),
                heap / 1e6,
                rest / 1e6);
    }

    private static double firstStep(ServiceModel model, int services) {
        ServiceChanges first = all(services);
        long before = System.nanoTime();
        int ports = model.update(first).ports().size();
        double millis = (System.nanoTime() - before) / 1e6;
        require(ports == services, "every service has a decided port");
        return millis;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("not so: " + what);
        }
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static ModelSettings settings() {
        return new ModelSettings(
                "node-a",
                Optional.of("zone-a"),
                List.of(Cidr.parse("10.96.0.0/12")),
                List.of(),
                false,
                List.of(),
                new LocalDetector.SourceCidrs(List.of(Cidr.parse("10.128.0.0/10"))));
    }

    private static ServiceChanges all(int services) {
        List<Service> all = new ArrayList<>(services);
        List<EndpointSlice> slices = new ArrayList<>(services);
        for (int i = 0; i < services; i++) {
            all.add(POPULATION.service(i));
            slices.add(POPULATION.slice(i));
        }
        return ServiceChanges.complete(all, slices);
    }

    /** In one round every service loses its last endpoint, in the next it gets it back. */
    private static ServiceChanges endpointChange(int service, int round) {
        EndpointSlice slice = round % 2 == 0 ? POPULATION.shortSlice(service) : POPULATION.slice(service);
        return new ServiceChanges(false, List.of(), List.of(), List.of(slice), List.of());
    }

    private static IpAddress clusterIp(int service) {
        return IpAddress.parse("10.96.0.0").plus(1 + service);
    }

    private static Packet packet(int service) {
        return new Packet(
                IpAddress.parse("192.0.2.1"), clusterIp(service), Protocol.TCP, 40_000, 80, Optional.of("eth0"));
    }
}
