package io.podnet.benchmarks;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.NamespaceRef;
import io.podnet.api.Service;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.spi.NameChanges;
import io.podnet.spi.NameResolver;
import io.podnet.spi.NameResolverProvider;
import io.podnet.spi.Providers;
import io.podnet.spi.ServiceChanges;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The name server with many services, for dnsperf: starts, prints {@code ready}, and does what its standard input says
 * ({@code update}: how long a change takes until a query sees it) until that ends.
 */
final class NameServerUnderLoad {
    private static final int UPDATES = 2_000;
    private static final int WARM_UPDATES = 5;
    private static final int ADDRESSES = 1 << 20;
    private static final int STEP = 250;
    private static final int MOVE = 1 << 22;

    private final int services;
    private final Population population;
    private final int port;
    private int updates;

    private NameServerUnderLoad(int services, int endpoints, boolean headless, int port) {
        this.services = services;
        this.population = new Population(
                endpoints,
                headless ? Optional.empty() : Optional.of(i -> address((96 << 16) + i)),
                i -> address((128L << 16) + i));
        this.port = port;
    }

    /**
     * Runs.
     *
     * @param arguments services, endpoints of each, {@code virtual} or {@code headless}, port
     */
    public static void main(String[] arguments) throws IOException {
        new NameServerUnderLoad(
                        Integer.parseInt(arguments[0]),
                        Integer.parseInt(arguments[1]),
                        arguments[2].equals("headless"),
                        Integer.parseInt(arguments[3]))
                .run();
    }

    private void run() throws IOException {
        NamespaceRef namespace = NetworkNamespace.current();
        NameResolverProvider provider = Providers.discover(
                        NameResolverProvider.class, NameServerUnderLoad.class.getClassLoader())
                .get("dns");
        try (NameResolver resolver = provider.create(new NameResolverProvider.Context(
                "cluster.local",
                List.of(),
                List.of(),
                List.of(),
                Path.of("/nonexistent"),
                namespace,
                Path.of("/nonexistent"),
                Map.of("listen", "127.0.0.1", "port", Integer.toString(port), "threads", "1")))) {
            load(resolver);
            System.gc();
            System.out.println("ready");
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            String command = commands.readLine();
            while (command != null) {
                if (command.equals("update")) {
                    update(resolver);
                }
                command = commands.readLine();
            }
        }
    }

    /** In steps, so that what is measured is the resolver's memory and not that of a list of everything. */
    private void load(NameResolver resolver) {
        for (int from = 0; from < services; from += STEP) {
            List<Service> all = new ArrayList<>();
            List<EndpointSlice> slices = new ArrayList<>();
            for (int i = from; i < Math.min(services, from + STEP); i++) {
                all.add(population.service(i));
                slices.add(population.slice(i));
            }
            resolver.apply(new NameChanges(
                    new ServiceChanges(from == 0, all, List.of(), slices, List.of()),
                    List.of(),
                    Set.of(),
                    Set.of("ns")));
        }
    }

    private static IpAddress address(long number) {
        return IpAddress.parse("10.0.0.0").plus(number);
    }

    /** Times changes, in a program that made some before, as a long-lived one has. */
    private void update(NameResolver resolver) throws IOException {
        for (int i = 0; i < WARM_UPDATES; i++) {
            update(resolver, new Updates());
        }
        Updates measured = new Updates();
        update(resolver, measured);
        System.out.println(measured.describe());
    }

    /** Each change is a service's new address, and the answer to a query that was sent after it has to be that. */
    private void update(NameResolver resolver, Updates times) throws IOException {
        try (StampedClient client = new StampedClient(port)) {
            for (int i = 0; i < UPDATES; i++) {
                int changed = i % services;
                IpAddress address = address(ADDRESSES + ++updates % ADDRESSES);
                Population moved =
                        new Population(population.endpoints(), Optional.of(any -> address), population.endpointIp());
                NameChanges change = new NameChanges(
                        new ServiceChanges(
                                false, List.of(moved.service(changed)), List.of(), List.of(moved(changed)), List.of()),
                        List.of(),
                        Set.of(),
                        Set.of("ns"));
                byte[] query = query("svc" + changed);
                times.begin();
                resolver.apply(change);
                times.applied();
                times.answered(client.ask(query));
                if (!Arrays.equals(client.lastOctets(4), address.toBytes())) {
                    throw new IOException("the change of svc" + changed + " was not visible after it");
                }
            }
        }
        times.end();
    }

    private EndpointSlice moved(int service) {
        return population.slice(service, population.endpointIp().apply(service * population.endpoints() + MOVE));
    }

    private static byte[] query(String service) {
        ByteBuffer query = ByteBuffer.allocate(512);
        query.putShort((short) 1)
                .putShort((short) 0x100)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(0);
        for (String label : new String[] {service, "ns", "svc", "cluster", "local"}) {
            query.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        query.put((byte) 0).putShort((short) 1).putShort((short) 1);
        return Arrays.copyOf(query.array(), query.position());
    }
}
