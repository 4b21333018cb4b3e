package io.podnet.examples.services;

import io.podnet.api.PodnetException;
import io.podnet.examples.state.NodeStates;
import io.podnet.examples.state.ServiceRecord;
import io.podnet.examples.state.ServiceStore;
import io.podnet.examples.table.Output;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The {@code services} command. */
@Command(
        name = "services",
        description = "Shows the services of a node or a cluster, without disturbing its agents.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ServicesCommand implements Callable<Integer> {
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
        if (!Files.isDirectory(state)) {
            throw new PodnetException.NotFound("state directory " + state + " does not exist");
        }
        // All nodes of a cluster have the same services; whether they are programmed is the first one's word.
        List<ServiceRecord> services = new ServiceStore(NodeStates.in(state).get(0)).list();
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.print(output == Output.json ? ServicesJson.of(services) : ServiceTable.of(services));
        out.flush();
        return 0;
    }
}
