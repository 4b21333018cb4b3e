package io.podnet.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Service rules against what iptables-restore alone needs for a rule set of the same services, and against kube-proxy
 * where its binary is given. Each runs in namespaces of its own, one right after the other.
 */
final class ServicesBenchmark {
    // What is measured is the proxy in a small program: a larger heap would only be filled later, and the second
    // compiler
    // takes memory, and at a cold start the processor that iptables-restore needs.
    private static final List<String> JVM =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms40m", "-Xmx128m", "-Xss512k");

    private static final double SHORT_MILLIS = 20_000;

    private ServicesBenchmark() {}

    /**
     * Runs.
     *
     * @param arguments services, endpoints of each, and legacy or nft; for both where it is left out
     */
    public static void main(String[] arguments) throws Exception {
        String services = arguments.length > 0 ? arguments[0] : "1000";
        String endpoints = arguments.length > 1 ? arguments[1] : "10";
        List<String> flavours = arguments.length > 2 ? List.of(arguments[2]) : List.of("legacy", "nft");
        for (String flavour : flavours) {
            double[] raw = numbers(run(RawRestore.class, List.of(), services, endpoints, flavour));
            double[] ours = numbers(run(ProxyRun.class, JVM, services, endpoints, flavour));
            if (raw[0] < SHORT_MILLIS) {
                // In turns, and the better of two each: a machine that changes its pace changes both.
                ours = better(ours, numbers(run(ProxyRun.class, JVM, services, endpoints, flavour)));
                raw = better(raw, numbers(run(RawRestore.class, List.of(), services, endpoints, flavour)));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s x %s, iptables-%s%n  raw iptables-restore: full %.0f ms, partial %.1f ms%n"
                            + "  podnet: full %.0f ms (%.2f of raw), one endpoint %.1f ms (%.2f of raw), resident %.0f MB after"
                            + " the full sync, %.0f MB after changes (%s)%n",
                    services,
                    endpoints,
                    flavour,
                    raw[0],
                    raw[1],
                    ours[0],
                    ours[0] / raw[0],
                    ours[1],
                    ours[1] / raw[1],
                    ours[2] / 1024,
                    ours[3] / 1024,
                    String.join(" ", JVM));
            kubeProxy(services, endpoints, flavour);
        }
    }

    private static double[] better(double[] one, double[] other) {
        double[] least = one.clone();
        for (int i = 0; i < 2; i++) {
            least[i] = Math.min(one[i], other[i]);
        }
        for (int i = 2; i < least.length; i++) {
            least[i] = Math.max(one[i], other[i]);
        }
        return least;
    }

    private static double[] numbers(String line) {
        return List.of(line.strip().split(" ", -1)).stream()
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static String run(Class<?> program, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("unshare", "-n"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(program.getName());
        command.addAll(List.of(arguments));
        return output(command);
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(Redirect.INHERIT)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + printed);
        }
        return printed;
    }

    private static void kubeProxy(String services, String endpoints, String flavour) throws InterruptedException {
        String binary = System.getenv("KUBE_PROXY");
        String peers = System.getenv("PEERS");
        if (binary == null || peers == null) {
            System.out.println(
                    "  kube-proxy: left out (KUBE_PROXY=its binary, PEERS=a directory with kube-proxy/run.sh)");
            return;
        }
        Path script = Path.of(peers, "kube-proxy", "run.sh");
        if (!Files.isExecutable(script) || !Files.isExecutable(Path.of(binary))) {
            System.out.println("  kube-proxy: left out, no " + script + " or no " + binary);
            return;
        }
        try {
            String printed = output(List.of(
                    "timeout",
                    "900",
                    "unshare",
                    "-nm",
                    script.toString(),
                    binary,
                    "iptables",
                    services,
                    endpoints,
                    flavour));
            printed.lines().forEach(line -> System.out.println("  " + line));
        } catch (IOException e) {
            System.out.println("  kube-proxy: not done within 15 minutes, or failed: " + e.getMessage());
        }
    }
}
