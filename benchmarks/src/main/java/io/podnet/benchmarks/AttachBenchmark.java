package io.podnet.benchmarks;

import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Attach and detach against the kernel's own cost. Runs in a network and mount namespace of its own, see {@code
 * benchmarks/run}; the floor is a C program that is started right before each of our runs, so that a machine that
 * changes its pace changes both.
 */
final class AttachBenchmark {
    // A host program is a long-lived JVM: what is measured is compiled code, without a compiler at work beside it.
    private static final int FEWEST = 350;
    private static final int LIFE = 50;
    private static final int LIVES_A_TIME = 20;
    private static final int MOST_WARM_UP = 8_000;
    private static final double COMPILER_SHARE = 0.1;

    private AttachBenchmark() {}

    /**
     * Runs.
     *
     * @param arguments the floor's binary, then the numbers of pods
     */
    public static void main(String[] arguments) throws Exception {
        String floor = arguments[0];
        warmUp();
        System.out.printf(
                Locale.ROOT,
                "%6s %12s %12s %7s %12s %14s%n",
                "pods",
                "floor p50 us",
                "setUp p50 us",
                "ratio",
                "setUp p99 us",
                "tearDown p50 us");
        for (int i = 1; i < arguments.length; i++) {
            beside(floor, Integer.parseInt(arguments[i]));
        }
        Calm.await();
        bulk(500);
    }

    private record Result(Samples setUp, Samples tearDown) {}

    /** The floor and we in turns, and again where pods are few: a node's first pods differ much between nodes. */
    private static void beside(String floor, int pods) throws IOException, InterruptedException {
        int rounds = Math.max(1, FEWEST / pods);
        List<Round> all = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            Calm.await();
            double floorMicros = floor(floor, pods);
            Calm.await();
            Result ours = attachAndDetach(pods, true);
            all.add(new Round(floorMicros, ours.setUp.micros(50), ours.setUp.micros(99), ours.tearDown.micros(50)));
        }
        System.out.printf(
                Locale.ROOT,
                "%6d %12.0f %12.0f %7.2f %12.0f %14.0f%n",
                pods,
                median(all, Round::floor),
                median(all, Round::setUp),
                median(all, Round::ratio),
                median(all, Round::setUpP99),
                median(all, Round::tearDown));
        if (rounds > 1) {
            System.out.println("       medians of " + rounds + " rounds, their ratios: "
                    + all.stream()
                            .map(round -> String.format(Locale.ROOT, "%.2f", round.ratio()))
                            .collect(Collectors.joining(" ")));
        }
    }

    /** What one round gave, in microseconds. */
    private record Round(double floor, double setUp, double setUpP99, double tearDown) {
        double ratio() {
            return setUp / floor;
        }
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return rounds.stream()
                .mapToDouble(figure)
                .sorted()
                .skip(rounds.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    private static double floor(String binary, int pods) throws IOException, InterruptedException {
        // A namespace of the floor's own, so that both start from nothing.
        Process process = new ProcessBuilder("unshare", "-n", binary, Integer.toString(pods))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream output = process.getInputStream()) {
            String first = new String(output.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .findFirst()
                    .orElseThrow(() -> new IOException("the floor printed nothing"));
            if (process.waitFor() != 0) {
                throw new IOException("the floor failed");
            }
            return Double.parseDouble(first.split(" ", -1)[2]);
        }
    }

    private static Podnet node(Path state) {
        return Podnet.builder()
                .podCidr("10.22.0.0/16")
                .stateDirectory(state)
                .removePodsOnClose(true)
                .start();
    }

    /** Lives nodes' lives until the compilers have little to do. What the very first one takes is shown, too. */
    private static void warmUp() throws IOException, InterruptedException {
        CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
        Samples cold = attachAndDetach(LIFE, false).setUp;
        int pods = LIFE;
        double share = 1;
        while (share > COMPILER_SHARE && pods < MOST_WARM_UP) {
            long begin = System.nanoTime();
            long compiling = compilers.getTotalCompilationTime();
            for (int i = 0; i < LIVES_A_TIME; i++, pods += LIFE) {
                attachAndDetach(LIFE, false);
            }
            share = (compilers.getTotalCompilationTime() - compiling) / ((System.nanoTime() - begin) / 1e6);
        }
        System.out.printf(
                Locale.ROOT,
                "a fresh JVM's first %d pods: setUp p50 %.0f us; after %d pods its compilers took %.0f %% of the time%n",
                LIFE,
                cold.micros(50),
                pods,
                100 * share);
    }

    /** One node's life; calm where its start is not to be felt in its first pods: compiling it takes longer than it. */
    private static Result attachAndDetach(int pods, boolean calm) throws IOException, InterruptedException {
        Path state = Files.createTempDirectory(Path.of("/run"), "podnet-attach");
        Samples setUp = new Samples();
        Samples tearDown = new Samples();
        try (Podnet node = node(state)) {
            if (calm) {
                Calm.await();
            }
            for (int i = 0; i < pods; i++) {
                PodSpec spec = PodSpec.of("bench", "pod-" + i).build();
                long before = System.nanoTime();
                node.setUp(spec);
                setUp.add(System.nanoTime() - before);
            }
            for (int i = 0; i < pods; i++) {
                PodId pod = new PodId("bench", "pod-" + i);
                long before = System.nanoTime();
                node.tearDown(pod);
                tearDown.add(System.nanoTime() - before);
            }
            node.quiesce();
        }
        return new Result(setUp, tearDown);
    }

    private static void bulk(int pods) throws IOException {
        Path state = Files.createTempDirectory(Path.of("/run"), "podnet-bulk");
        try (Podnet node = node(state)) {
            List<PodSpec> specs = new ArrayList<>();
            for (int i = 0; i < pods; i++) {
                specs.add(PodSpec.of("bulk", "pod-" + i).build());
            }
            long before = System.nanoTime();
            node.setUpAll(specs)
                    .forEach(result -> result.failure().ifPresent(failure -> {
                        throw failure;
                    }));
            double up = (System.nanoTime() - before) / 1e6;
            before = System.nanoTime();
            node.tearDownAll(specs.stream().map(PodSpec::id).toList());
            double returned = (System.nanoTime() - before) / 1e6;
            node.quiesce();
            double freed = (System.nanoTime() - before) / 1e6;
            System.out.printf(
                    Locale.ROOT,
                    "bulk: %d pods set up in %.0f ms; torn down in %.0f ms, links freed after %.0f ms%n",
                    pods,
                    up,
                    returned,
                    freed);
        }
    }
}
