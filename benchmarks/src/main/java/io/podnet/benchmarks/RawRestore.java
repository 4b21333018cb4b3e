package io.podnet.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The floor: iptables-restore alone, on files. Runs in a namespace of its own and prints one line. */
final class RawRestore {
    private static final int CHANGES = 7;

    private RawRestore() {}

    /**
     * Runs.
     *
     * @param arguments services, endpoints, legacy or nft
     */
    public static void main(String[] arguments) throws Exception {
        int services = Integer.parseInt(arguments[0]);
        int endpoints = Integer.parseInt(arguments[1]);
        String tool = "iptables-" + arguments[2] + "-restore";
        Path directory = Files.createTempDirectory(Path.of("/run"), "podnet-raw");
        Path all = directory.resolve("all");
        Path one = directory.resolve("one");
        RawRules.writeAll(all, services, endpoints);
        RawRules.writeOne(one);
        double full = restore(tool, all);
        Samples changes = new Samples();
        for (int i = 0; i < CHANGES; i++) {
            changes.add((long) (restore(tool, one) * 1e6));
        }
        System.out.printf(Locale.ROOT, "%.1f %.1f%n", full, changes.micros(50) / 1e3);
    }

    private static double restore(String tool, Path input) throws IOException, InterruptedException {
        long before = System.nanoTime();
        Process process = new ProcessBuilder(List.of(tool, "--noflush"))
                .redirectInput(input.toFile())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(tool + " failed");
        }
        return (System.nanoTime() - before) / 1e6;
    }
}
