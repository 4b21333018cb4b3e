package io.podnet.examples.pods;

import io.podnet.api.Podnet;
import io.podnet.examples.state.NodeStates;
import io.podnet.examples.state.StatusStore;
import io.podnet.examples.table.Output;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The {@code pods} command. */
@Command(
        name = "pods",
        description = "Shows the pods of a node or a cluster, without disturbing its agents.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class PodsCommand implements Callable<Integer> {
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

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        List<PodRow> rows = new ArrayList<>();
        for (Path node : NodeStates.in(state)) {
            StatusStore statuses = new StatusStore(node);
            rows.addAll(PodRow.join(Podnet.records(node), statuses.list(), statuses.nodeName()));
        }
        rows.sort(Comparator.comparing(PodRow::id));
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.print(output == Output.json ? PodJson.of(rows) : PodTable.of(rows));
        out.flush();
        return 0;
    }
}
