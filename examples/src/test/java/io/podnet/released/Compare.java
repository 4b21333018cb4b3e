package io.podnet.released;

import io.podnet.api.API;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The judgement: ends with 1 where a promise of the release is broken and nobody has said that it shall be. */
final class Compare {
    private final ReleasedApi api;
    private final SortedSet<String> accepted;
    private final PrintStream out;

    private Compare(ReleasedApi api, SortedSet<String> accepted, PrintStream out) {
        this.api = api;
        this.accepted = accepted;
        this.out = out;
    }

    /**
     * Compares.
     *
     * @param arguments directory of the release's jars; directory of the jars of now; file of accepted changes
     * @throws IOException where one cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        System.exit(run(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]), System.out));
    }

    static int run(Path released, Path now, Path accepted, PrintStream out) throws IOException {
        SortedSet<String> lines = Files.readAllLines(accepted).stream()
                .map(line -> line.replaceFirst("\\s*#\\s.*", "").trim())
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .collect(Collectors.toCollection(TreeSet::new));
        return new Compare(ReleasedApi.of(jars(released), jars(now)), lines, out).judge();
    }

    private static List<Path> jars(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private int judge() {
        long stable = api.count(API.Status.STABLE);
        if (stable == 0) {
            say("the release has no STABLE type, so nothing was compared; are these its jars?");
            return 1;
        }
        SortedSet<Difference> differences = api.differences();
        boolean broken = false;
        for (Difference difference : differences) {
            boolean fails = difference.breaksAPromise() && !accepted.contains(difference.toString());
            broken |= fails;
            say((fails ? "broken: " : "told: ") + difference.status() + " " + difference);
        }
        SortedSet<String> unused = new TreeSet<>(accepted);
        differences.forEach(difference -> unused.remove(difference.toString()));
        unused.forEach(line -> say("accepted, but nothing of the kind has changed; take the line out: " + line));
        if (broken) {
            say("a STABLE type keeps its promise, or is changed by the steps of CONTRIBUTING.md");
        }
        say(stable + " STABLE types of the release compared, " + api.count(API.Status.EXPERIMENTAL)
                + " EXPERIMENTAL ones");
        return broken || !unused.isEmpty() ? 1 : 0;
    }

    private void say(String line) {
        out.println("api/compare: " + line);
    }
}
