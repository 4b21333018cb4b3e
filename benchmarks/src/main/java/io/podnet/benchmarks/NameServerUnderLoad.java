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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The name server with many services, for dnsperf: starts, prints {@code ready}, and does what its standard input says
 * ({@code update}: how long a change takes until a query sees it) until that ends.
 */
final class NameServerUnderLoad {
    private static final int UPDATES = 2_000;
    private static final int STEP = 250;
    private static final int MOVE = 1 << 22;

    private final int services;
    private final Population population;
    private final int port;

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

    /** Times a change until the answer to a query that was sent after it is there, and the change alone. */
    private void update(NameResolver resolver) throws IOException {
        Samples visible = new Samples();
        Samples applied = new Samples();
        try (DatagramChannel client = DatagramChannel.open()) {
            client.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            for (int i = 0; i < UPDATES; i++) {
                int changed = i % services;
                // A new service each time, so that the query can only see what the change brought.
                Service service = population.service(services + i);
                NameChanges change = new NameChanges(
                        new ServiceChanges(
                                false,
                                List.of(service),
                                List.of(),
                                List.of(population.slice(services + i), moved(changed)),
                                List.of()),
                        List.of(),
                        Set.of(),
                        Set.of("ns"));
                ByteBuffer query = query("svc" + (services + i));
                long before = System.nanoTime();
                resolver.apply(change);
                applied.add(System.nanoTime() - before);
                client.write(query);
                answer.clear();
                client.read(answer);
                visible.add(System.nanoTime() - before);
                if (answer.getShort(6) == 0) {
                    throw new IOException("svc" + (services + i) + " was not visible after its change");
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "podnet update: apply p50 %.0f us, p99 %.0f us; apply, query and answer p50 %.0f us, p99 %.0f us%n",
                applied.micros(50),
                applied.micros(99),
                visible.micros(50),
                visible.micros(99));
    }

    private EndpointSlice moved(int service) {
        return population.slice(service, population.endpointIp().apply(service * population.endpoints() + MOVE));
    }

    private static ByteBuffer query(String service) {
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
        return query.flip();
    }
}
