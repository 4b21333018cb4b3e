package io.podnet.examples.services;

import io.podnet.examples.state.NodeStates;
import io.podnet.examples.state.ServiceRecord;
import io.podnet.examples.state.ServiceStore;
import io.podnet.examples.table.StateView;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The {@code services} command. */
@Command(
        name = "services",
        description = "Shows the services of a node or a cluster, without disturbing its agents.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ServicesCommand implements Callable<Integer> {
    @Mixin
    private StateView view = new StateView();

    @Override
    public Integer call() {
        // All nodes of a cluster have the same services; whether they are programmed is the first one's word.
        List<ServiceRecord> services =
                new ServiceStore(NodeStates.in(view.state()).get(0)).list();
        view.show(() -> ServiceTable.of(services), () -> ServicesJson.of(services));
        return 0;
    }
}
