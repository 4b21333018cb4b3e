package io.podnet.benchmarks;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.NamespaceRef;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServicePort;
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
import java.util.OptionalInt;
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

    private final int services;
    private final int endpoints;
    private final boolean headless;
    private final int port;
    private int updates;

    private NameServerUnderLoad(int services, int endpoints, boolean headless, int port) {
        this.services = services;
        this.endpoints = endpoints;
        this.headless = headless;
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
                all.add(service(i));
                slices.add(slice(i, 0));
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

    private Service service(int i) {
        return service(i, headless ? List.of() : List.of(address((96 << 16) + i)));
    }

    private static Service service(int i, List<IpAddress> clusterIps) {
        ServicePort http = new ServicePort("http", Protocol.TCP, 80, "8080", OptionalInt.empty(), Optional.empty());
        return new Service(
                new ServiceId("ns", "svc" + i),
                Map.of(),
                Map.of(),
                Service.Type.CLUSTER_IP,
                Map.of("app", "svc" + i),
                clusterIps,
                List.of(http),
                List.of(),
                Service.LoadBalancer.NONE,
                Optional.empty(),
                OptionalInt.empty(),
                Service.TrafficPolicy.CLUSTER,
                Service.TrafficPolicy.CLUSTER,
                Optional.empty(),
                false);
    }

    private EndpointSlice slice(int i, int shift) {
        List<EndpointSlice.Endpoint> made = new ArrayList<>();
        for (int j = 0; j < endpoints; j++) {
            made.add(new EndpointSlice.Endpoint(
                    List.of(address((128L << 16) + (long) i * endpoints + j + (j == 0 ? shift : 0))),
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
                "svc" + i + "-abcde",
                new ServiceId("ns", "svc" + i),
                IpFamily.IPV4,
                made,
                List.of(new EndpointSlice.Port("http", Protocol.TCP, OptionalInt.of(8080))));
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
                NameChanges change = new NameChanges(
                        new ServiceChanges(
                                false,
                                List.of(service(changed, List.of(address))),
                                List.of(),
                                List.of(slice(changed, 1 << 22)),
                                List.of()),
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
