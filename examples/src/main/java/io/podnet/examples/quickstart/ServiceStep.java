package io.podnet.examples.quickstart;

import io.podnet.api.Podnet;
import io.podnet.api.Service;
import io.podnet.api.ServiceSpec;
import java.io.IOException;
import java.time.Duration;

/** The tour's service: an address and a name that lead to whatever pods carry a label. */
final class ServiceStep {
    private static final String NAME = "greeter";
    private static final int PORT = 80;
    private static final int REDIS = 6379;
    private static final Duration BOUND = Duration.ofSeconds(10);

    private ServiceStep() {}

    static void show(Tour tour, Podnet podnet, Place client) throws IOException, InterruptedException {
        tour.step("A service: a stable address, and a name, for all pods with a label");
        tour.does(
                "java",
                "podnet.services().apply(ServiceSpec.of(\"default\", \"" + NAME
                        + "\").selector(\"app\", \"shop\").port(" + PORT + ", " + REDIS + "))");
        Service service = podnet.services()
                .apply(ServiceSpec.of("default", NAME)
                        .selector("app", "shop")
                        .port(PORT, REDIS)
                        .build());
        if (!podnet.services().awaitProgrammed(service.id(), BOUND)) {
            throw new TourException("the kernel does not have the service: " + podnet.status());
        }
        String ip = service.clusterIps().get(0).toString();
        tour.shows(service.id() + " has " + ip + ", and the kernel has its rules");
        tour.holds(greets(tour, client, ip), "its address leads to shop, from port " + PORT + " to " + REDIS);
        tour.holds(greets(tour, client, NAME), "so does its name, which the pod's own libc asks Podnet for");
    }

    private static boolean greets(Tour tour, Place client, String host) throws IOException, InterruptedException {
        return client.run(tour, "redis-cli", "-h", host, "-p", String.valueOf(PORT), "get", "greeting")
                .contains("hello from shop");
    }
}
