package io.podnet.examples.pods;

import io.podnet.api.Podnet;
import io.podnet.examples.state.NodeStates;
import io.podnet.examples.state.StatusStore;
import io.podnet.examples.table.StateView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The {@code pods} command. */
@Command(
        name = "pods",
        description = "Shows the pods of a node or a cluster, without disturbing its agents.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class PodsCommand implements Callable<Integer> {
    @Mixin
    private StateView view = new StateView();

    @Override
    public Integer call() {
        List<PodRow> rows = new ArrayList<>();
        for (Path node : NodeStates.in(view.state())) {
            StatusStore statuses = new StatusStore(node);
            rows.addAll(PodRow.join(Podnet.records(node), statuses.list(), statuses.nodeName()));
        }
        rows.sort(Comparator.comparing(PodRow::id));
        view.show(() -> PodTable.of(rows), () -> PodJson.of(rows));
        return 0;
    }
}
