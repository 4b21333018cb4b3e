package io.podnet.dns;

import io.podnet.api.EndpointSlice;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServicePort;
import io.podnet.spi.NameChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Services of all kinds, endpoints and pods, by a seed. */
final class RandomCluster {
    private final Random random;
    private final List<Service> services = new ArrayList<>();
    private final List<EndpointSlice> slices = new ArrayList<>();
    private final List<NameChanges.PodAddresses> pods = new ArrayList<>();
    private int addresses = 1;

    private RandomCluster(long seed) {
        this.random = new Random(seed);
    }

    static NameChanges of(long seed) {
        RandomCluster made = new RandomCluster(seed);
        String[] namespaces = {"shop", "bank", "com", "a"};
        for (String namespace : namespaces) {
            // Something is in each namespace, below svc and below pod: a zone file knows no empty ones.
            made.service(namespace, "first", 0);
            made.pod(namespace, "pod");
            for (int i = 0; i < 30; i++) {
                made.service(namespace, "s" + i, made.random.nextInt(6));
                if (made.random.nextBoolean()) {
                    made.pod(namespace, "pod-" + i);
                }
            }
        }
        return Shop.complete(made.services, made.slices, made.pods, namespaces);
    }

    private String four() {
        int n = addresses++;
        return "10.0." + n / 250 + "." + (n % 250 + 1);
    }

    private String six() {
        return "fd00:10::" + Integer.toHexString(addresses++);
    }

    private ServicePort[] ports() {
        List<ServicePort> ports = new ArrayList<>();
        if (random.nextInt(4) > 0) {
            ports.add(Shop.port("http", Protocol.TCP, 80 + random.nextInt(100)));
        }
        if (random.nextBoolean()) {
            ports.add(Shop.port("dns", random.nextBoolean() ? Protocol.UDP : Protocol.TCP, 53));
        }
        if (ports.isEmpty()) {
            ports.add(Shop.port("", Protocol.TCP, 7));
        }
        return ports.toArray(ServicePort[]::new);
    }

    private void service(String namespace, String name, int kind) {
        switch (kind) {
            case 0 -> services.add(Shop.clusterIp(namespace, name, List.of(clusterFour()), ports()));
            case 1 -> services.add(Shop.clusterIp(namespace, name, List.of(clusterFour(), clusterSix()), ports()));
            case 2 -> services.add(Shop.clusterIp(namespace, name, List.of(clusterSix()), ports()));
            case 3 -> services.add(Shop.external(namespace, name, target(namespace)));
            default -> headless(namespace, name);
        }
    }

    private String clusterFour() {
        int n = addresses++;
        return "10.96." + n / 250 + "." + (n % 250 + 1);
    }

    private String clusterSix() {
        return "fd00:96::" + Integer.toHexString(addresses++);
    }

    private String target(String namespace) {
        return switch (random.nextInt(3)) {
            case 0 -> "first." + namespace + ".svc.cluster.local";
            case 1 -> "nobody." + namespace + ".svc.cluster.local";
            default -> "www.example.com";
        };
    }

    private void headless(String namespace, String name) {
        services.add(
                random.nextBoolean()
                        ? Shop.headless(namespace, name, Shop.port("pg", Protocol.TCP, 5432))
                        : Shop.eager(namespace, name, Shop.port("pg", Protocol.TCP, 5432)));
        int count = random.nextInt(5);
        List<String> v4 = new ArrayList<>();
        List<String> v6 = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String hostname = random.nextBoolean() ? "h" + i + "@" : "";
            String ready = random.nextInt(4) == 0 ? "!" : "";
            v4.add(ready + hostname + four());
            if (random.nextBoolean()) {
                v6.add(ready + hostname + six());
            }
        }
        List<EndpointSlice.Port> ports =
                List.of(Shop.endpointPort("pg", Protocol.TCP, 5432), Shop.endpointPort("metrics", Protocol.TCP, 9090));
        slices.add(Shop.slice(namespace, name, name + "-4", ports, v4.toArray(String[]::new)));
        if (!v6.isEmpty()) {
            slices.add(Shop.slice(namespace, name, name + "-6", ports, v6.toArray(String[]::new)));
        }
    }

    private void pod(String namespace, String name) {
        pods.add(random.nextBoolean() ? Shop.pod(namespace, name, four()) : Shop.pod(namespace, name, four(), six()));
    }
}
