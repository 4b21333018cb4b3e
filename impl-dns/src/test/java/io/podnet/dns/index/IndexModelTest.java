package io.podnet.dns.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Cidr;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.PodId;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.dns.Shop;
import io.podnet.dns.answer.Responder;
import io.podnet.dns.answer.ServerSettings;
import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.WireName;
import io.podnet.spi.NameChanges;
import io.podnet.spi.ServiceChanges;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Steps lead to the same index as the whole picture does at once. */
class IndexModelTest {
    private static final Zone ZONE = new Zone(
            "cluster.local",
            5,
            List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("10.0.0.0/16"), Cidr.parse("fd00::/64")));

    private final Random random;
    private final Map<ServiceId, Service> services = new HashMap<>();
    private final Map<ServiceId, EndpointSlice> slices = new HashMap<>();
    private final Map<PodId, NameChanges.PodAddresses> pods = new HashMap<>();

    IndexModelTest() {
        long seed = Long.getLong("podnet.seed", System.nanoTime());
        System.out.println("IndexModelTest: -Dpodnet.seed=" + seed);
        random = new Random(seed);
    }

    private static IndexModel model() {
        return new IndexModel(ZONE, Set.of(), 1);
    }

    @Test
    void stepsLeadWhereTheWholePictureLeads() {
        IndexModel stepped = model();
        stepped.apply(Shop.complete(List.of(), List.of(), List.of()));
        for (int i = 0; i < 400; i++) {
            stepped.apply(step());
            if (i % 40 == 39) {
                IndexModel whole = model();
                whole.apply(Shop.complete(
                        List.copyOf(services.values()),
                        List.copyOf(slices.values()),
                        List.copyOf(pods.values()),
                        "n0"));
                compare(stepped.index(), whole.index());
            }
        }
        assertThat(services.size()).isGreaterThan(10);
    }

    private NameChanges step() {
        ServiceId id = new ServiceId("n" + random.nextInt(3), "s" + random.nextInt(20));
        List<Service> put = new ArrayList<>();
        List<ServiceId> removed = new ArrayList<>();
        List<EndpointSlice> putSlices = new ArrayList<>();
        List<ServiceChanges.SliceId> removedSlices = new ArrayList<>();
        switch (random.nextInt(4)) {
            case 0 -> {
                if (services.remove(id) != null) {
                    removed.add(id);
                }
                if (slices.remove(id) != null) {
                    removedSlices.add(new ServiceChanges.SliceId(id, "slice"));
                }
            }
            case 1 -> put.add(remember(services, id, Shop.headless(id.namespace(), id.name())));
            case 2 ->
                put.add(remember(
                        services,
                        id,
                        Shop.clusterIp(
                                id.namespace(),
                                id.name(),
                                List.of("10.96." + (20 * number(id.namespace()) + number(id.name())) + "."
                                        + (1 + random.nextInt(200))),
                                Shop.port("http", Protocol.TCP, 80))));
            default -> putSlices.add(remember(slices, id, slice(id)));
        }
        PodId pod = new PodId("n" + random.nextInt(3), "p" + random.nextInt(20));
        Set<PodId> gone = Set.of();
        List<NameChanges.PodAddresses> come = List.of();
        if (random.nextInt(3) == 0) {
            pods.remove(pod);
            gone = Set.of(pod);
        } else {
            come = List.of(remember(pods, pod, Shop.pod(pod.namespace(), pod.name(), address())));
        }
        return new NameChanges(
                new ServiceChanges(false, put, removed, putSlices, removedSlices), come, gone, Set.of("n0"));
    }

    private static int number(String name) {
        return Integer.parseInt(name.substring(1));
    }

    private static <K, V> V remember(Map<K, V> map, K key, V value) {
        map.put(key, value);
        return value;
    }

    private String address() {
        return "10.0.0." + random.nextInt(60);
    }

    private EndpointSlice slice(ServiceId id) {
        String[] endpoints = new String[random.nextInt(4)];
        Arrays.setAll(
                endpoints,
                i -> (random.nextInt(4) == 0 ? "!" : "") + (random.nextBoolean() ? "h" + i + "@" : "") + address());
        return Shop.slice(
                id.namespace(), id.name(), "slice", List.of(Shop.endpointPort("pg", Protocol.TCP, 5432)), endpoints);
    }

    private void compare(RecordIndex stepped, RecordIndex whole) {
        List<byte[]> queries = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            for (int s = 0; s < 20; s++) {
                String service = "s" + s + ".n" + n + ".svc.cluster.local";
                queries.add(query(service, RecordType.SRV));
                queries.add(query("_pg._tcp." + service, RecordType.SRV));
                queries.add(query("h1." + service, RecordType.A));
                queries.add(query("_tcp." + service, RecordType.A));
            }
            for (int a = 0; a < 60; a++) {
                queries.add(query("10-0-0-" + a + ".n" + n + ".pod.cluster.local", RecordType.A));
            }
        }
        for (int a = 0; a < 201; a++) {
            queries.add(query(a + ".0.0.10.in-addr.arpa", RecordType.PTR));
        }
        queries.add(query("0.0.10.in-addr.arpa", RecordType.PTR));
        for (Service service : services.values()) {
            for (IpAddress ip : service.clusterIps()) {
                String[] octets = ip.toString().split("\\.", -1);
                queries.add(query(octets[3] + "." + octets[2] + ".96.10.in-addr.arpa", RecordType.PTR));
                queries.add(query(octets[2] + ".96.10.in-addr.arpa", RecordType.PTR));
            }
        }
        for (byte[] query : queries) {
            assertThat(answer(stepped, query)).as(WireName.text(query, 12)).isEqualTo(answer(whole, query));
        }
    }

    private static byte[] query(String name, int type) {
        byte[] wire = WireName.of(name);
        byte[] query = new byte[Header.LENGTH + wire.length + 4];
        Octets.put16(query, Header.QUESTIONS, 1);
        System.arraycopy(wire, 0, query, Header.LENGTH, wire.length);
        Octets.put16(query, query.length - 4, type);
        Octets.put16(query, query.length - 2, 1);
        return query;
    }

    /** Code, count and octets, sorted: the order of equal holders is no promise, the serial differs. */
    private static String answer(RecordIndex index, byte[] query) {
        byte[] into = new byte[0x10000];
        Responder responder = new Responder(ZONE, PodNames.VERIFIED, new ServerSettings(List.of(), 1232));
        int length = responder.respond(index, query, query.length, true, 5, false, into);
        io.podnet.dns.wire.ResponseWalker walker = new io.podnet.dns.wire.ResponseWalker();
        List<String> records = new ArrayList<>();
        assertThat(walker.start(into, length)).isTrue();
        while (walker.next()) {
            String data = io.podnet.dns.wire.DataText.format(into, walker);
            records.add(walker.section() + " " + walker.type() + " " + (walker.type() == RecordType.SOA ? "" : data));
        }
        assertThat(walker.malformed()).isFalse();
        records.sort(null);
        return responder.code() + " " + records;
    }

    @Test
    void aStepBeforeTheWholePictureIsRefused() {
        assertThatThrownBy(() -> model().apply(Shop.change(List.of(), List.of())))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("complete");
    }

    @Test
    void aStepWithAWrongServiceChangesNothing() {
        IndexModel model = model();
        model.apply(Shop.example());
        RecordIndex before = model.index();
        assertThatThrownBy(() -> model.apply(Shop.change(
                        List.of(
                                Shop.clusterIp("shop", "new", List.of("10.96.0.9")),
                                Shop.external("shop", "bad", "a..b")),
                        List.of(),
                        "shop")))
                .isInstanceOf(PodnetException.Invalid.class);
        assertThat(model.index()).isSameAs(before);
        model.apply(Shop.change(List.of(), List.of(), "shop", "empty"));
        assertThat(answer(model.index(), query("new.shop.svc.cluster.local", RecordType.A)))
                .startsWith("3 ");
    }

    @Test
    void aNamespaceThatWouldCaptureNamesIsWithheld() {
        IndexModel model = new IndexModel(ZONE, Set.of("svc"), 1);
        model.apply(Shop.complete(
                List.of(Shop.clusterIp("svc", "api", List.of("10.96.0.9"))), List.of(), List.of(), "svc"));
        assertThat(model.withheld()).containsExactly("svc");
        assertThat(answer(model.index(), query("api.svc.svc.cluster.local", RecordType.A)))
                .startsWith("3 ");
    }

    @Test
    void aTreeKnowsWhatItHolds() {
        AddressTree<String> tree = AddressTree.empty();
        Map<IpAddress, Set<String>> expected = new HashMap<>();
        for (int i = 0; i < 2_000; i++) {
            IpAddress address = random.nextBoolean()
                    ? IpAddress.parse("10." + random.nextInt(4) + "." + random.nextInt(4) + "." + random.nextInt(4))
                    : IpAddress.parse("10.0.0.0").plus(random.nextInt(1 << 20));
            String holder = "h" + random.nextInt(3);
            Set<String> holders = expected.computeIfAbsent(address, none -> new java.util.HashSet<>());
            if (random.nextInt(3) == 0) {
                tree = tree.without(address, holder);
                holders.remove(holder);
            } else {
                tree = tree.with(address, holder);
                holders.add(holder);
            }
        }
        for (Map.Entry<IpAddress, Set<String>> one : expected.entrySet()) {
            long high = AddressTree.high(one.getKey());
            int count = tree.holders(high, 0);
            Set<String> found = new java.util.HashSet<>();
            for (int i = 0; i < count; i++) {
                found.add(tree.holder(high, 0, i));
            }
            assertThat(found).hasSize(count).isEqualTo(one.getValue());
            for (int bits = 8; bits <= 32; bits += 8) {
                Cidr prefix = new Cidr(one.getKey().masked(bits), bits);
                boolean any = expected.entrySet().stream()
                        .anyMatch(other -> !other.getValue().isEmpty() && prefix.contains(other.getKey()));
                assertThat(tree.anyWith(AddressTree.high(prefix.network()), 0, bits))
                        .isEqualTo(any);
            }
        }
    }

    @Test
    void aTreeForgetsWhatGoes() {
        AddressTree<String> tree = AddressTree.empty();
        List<IpAddress> addresses = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            // Some in one row, some far away, and some that are 0 in their lower half.
            IpAddress address = IpAddress.parse("fd00:" + Integer.toHexString(random.nextInt(3)) + "::");
            address = random.nextInt(8) == 0 ? address : address.plus(random.nextInt(1 << (4 + random.nextInt(20))));
            if (!addresses.contains(address)) {
                addresses.add(address);
                tree = tree.with(address, "one").with(address, "other");
            }
        }
        Collections.shuffle(addresses, random);
        for (int gone = 0; gone < addresses.size(); gone++) {
            IpAddress address = addresses.get(gone);
            tree = tree.without(address, "nobody").without(address, "one");
            assertThat(tree.holders(AddressTree.high(address), AddressTree.low(address)))
                    .isEqualTo(1);
            tree = tree.without(address, "other").without(address, "other");
            if (gone % 500 == 0) {
                for (int i = 0; i < addresses.size(); i++) {
                    long high = AddressTree.high(addresses.get(i));
                    assertThat(tree.holders(high, AddressTree.low(addresses.get(i))))
                            .isEqualTo(i <= gone ? 0 : 2);
                }
            }
        }
        assertThat(tree.anyWith(0, 0, 0)).isFalse();
    }
}
