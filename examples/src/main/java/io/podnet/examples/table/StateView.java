package io.podnet.examples.table;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of commands that show something of a state directory, and the way they show it. */
public final class StateView {
    @Option(
            names = "--state",
            required = true,
            paramLabel = "DIR",
            description = "The agent's or the cluster's state directory.")
    private Path state = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or json; default: ${DEFAULT-VALUE}.")
    private Output output = Output.table;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    /**
     * Gives the state directory.
     *
     * @return as the user gave it
     */
    public Path state() {
        return state;
    }

    /**
     * Writes one of two texts.
     *
     * @param table makes the one for people
     * @param json makes the one for programs
     */
    public void show(Supplier<String> table, Supplier<String> json) {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.print(output == Output.json ? json.get() : table.get());
        out.flush();
    }
}
