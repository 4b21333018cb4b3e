package io.podnet.examples.pods;

import io.podnet.api.Podnet;
import io.podnet.examples.state.StatusStore;
import io.podnet.examples.table.StateView;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The {@code pods} command. */
@Command(
        name = "pods",
        description = "Shows a node's pods, without disturbing its agent.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class PodsCommand implements Callable<Integer> {
    @Mixin
    private StateView view = new StateView();

    @Override
    public Integer call() {
        StatusStore statuses = new StatusStore(view.state());
        List<PodRow> rows = PodRow.join(Podnet.records(view.state()), statuses.list(), statuses.nodeName());
        view.show(() -> PodTable.of(rows), () -> PodJson.of(rows));
        return 0;
    }
}
