package io.podnet.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** As much of a Kubernetes API as CoreDNS' kubernetes plugin asks for: lists of the same services, and quiet watches. */
final class KubernetesApi {
    private static final String META = "\"namespace\":\"ns\",\"uid\":\"%s%d\",\"resourceVersion\":\"%d\"";

    private final int services;
    private final int endpoints;

    private KubernetesApi(int services, int endpoints) {
        this.services = services;
        this.endpoints = endpoints;
    }

    /**
     * Runs.
     *
     * @param arguments services, endpoints of each, port
     */
    public static void main(String[] arguments) throws IOException {
        KubernetesApi api = new KubernetesApi(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        HttpServer server = HttpServer.create(
                new InetSocketAddress(
                        InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), Integer.parseInt(arguments[2])),
                64);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", api::handle);
        server.start();
        System.out.println("ready");
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        String kind = path.substring(path.lastIndexOf('/') + 1);
        if (query.contains("sendInitialEvents=true")) {
            // As a server without streaming lists answers: the client lists and watches then.
            reply(exchange, 422, "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Invalid\",\"code\":422}");
        } else if (query.contains("watch=")) {
            watch(exchange);
        } else {
            switch (kind) {
                case "version" -> reply(exchange, 200, "{\"major\":\"1\",\"minor\":\"34\",\"gitVersion\":\"v1.34.0\"}");
                case "services" -> list(exchange, "ServiceList", "v1", services, this::service);
                case "endpointslices" ->
                    list(exchange, "EndpointSliceList", "discovery.k8s.io/v1", services, this::slice);
                case "namespaces" ->
                    list(exchange, "NamespaceList", "v1", 1, i -> "{\"metadata\":{\"name\":\"ns\",\"uid\":\"n\"}}");
                default ->
                    reply(
                            exchange,
                            404,
                            "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404}");
            }
        }
    }

    private static void reply(HttpExchange exchange, int code, String body) throws IOException {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, octets.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(octets);
        }
    }

    private static void watch(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        try {
            Thread.sleep(3_600_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private static void list(HttpExchange exchange, String kind, String version, int count, IntFunction<String> item)
            throws IOException {
        reply(
                exchange,
                200,
                "{\"kind\":\"" + kind + "\",\"apiVersion\":\"" + version
                        + "\",\"metadata\":{\"resourceVersion\":\"1000000\"},\"items\":["
                        + IntStream.range(0, count).mapToObj(item).collect(Collectors.joining(","))
                        + "]}");
    }

    private String service(int i) {
        return "{\"metadata\":{\"name\":\"svc" + i + "\"," + String.format(META, "s", i, i + 1)
                + "},\"spec\":{\"type\":\"ClusterIP\",\"clusterIP\":\"10.96." + i / 250 + "." + (i % 250 + 1)
                + "\",\"clusterIPs\":[\"10.96." + i / 250 + "." + (i % 250 + 1)
                + "\"],\"ipFamilies\":[\"IPv4\"],\"ports\":[{\"name\":\"http\",\"protocol\":\"TCP\",\"port\":80}]}}";
    }

    private String slice(int i) {
        String addresses = IntStream.range(i * endpoints, (i + 1) * endpoints)
                .mapToObj(k -> "{\"addresses\":[\"10." + (128 + k / 62500) + "." + k / 250 % 250 + "." + (k % 250 + 1)
                        + "\"],\"conditions\":{\"ready\":true}}")
                .collect(Collectors.joining(","));
        return "{\"metadata\":{\"name\":\"svc" + i + "-abcde\"," + String.format(META, "e", i, i + 1)
                + ",\"labels\":{\"kubernetes.io/service-name\":\"svc" + i
                + "\"}},\"addressType\":\"IPv4\",\"endpoints\":[" + addresses
                + "],\"ports\":[{\"name\":\"http\",\"protocol\":\"TCP\",\"port\":8080}]}";
    }
}
