package io.podnet.overlay;

import io.podnet.api.Condition;
import io.podnet.api.Drift;
import io.podnet.api.PodnetException;
import io.podnet.overlay.model.Delta;
import io.podnet.overlay.model.NetworkSettings;
import io.podnet.overlay.model.PeerPath;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.NetworkPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the overlay says of itself. */
final class OverlayStatus {
    private final OverlayNode overlay;
    private final NetworkSettings settings;

    OverlayStatus(OverlayNode overlay, NetworkSettings settings) {
        this.overlay = overlay;
        this.settings = settings;
    }

    Condition condition() {
        Optional<PodnetException> trouble = overlay.reconciler().trouble();
        if (trouble.isPresent()) {
            return new Condition(
                    Condition.Code.NOT_READY,
                    "KernelRefused",
                    "rows of the overlay are not in the kernel: "
                            + trouble.get().getMessage() + "; it is tried again");
        }
        Condition membership = overlay.membership().condition();
        if (membership.code() != Condition.Code.READY) {
            return membership;
        }
        if (overlay.connectivity() == ClusterStore.Connectivity.DISCONNECTED) {
            return new Condition(
                    Condition.Code.LIMITED,
                    "StoreUnreachable",
                    "the cluster store does not answer; what was seen last stays, changes of other nodes are not seen");
        }
        return paths().stream()
                .map(NetworkPath::condition)
                .filter(condition -> condition.code() != Condition.Code.READY)
                .findFirst()
                .orElse(Condition.READY);
    }

    List<NetworkPath> paths() {
        return overlay.reconciler().paths().stream().map(this::path).toList();
    }

    private NetworkPath path(PeerPath path) {
        boolean none = path.way() == PeerPath.Way.NONE;
        Condition condition = none
                ? new Condition(
                        Condition.Code.LIMITED,
                        "PeerUnreachable",
                        "pods of node " + path.peer() + " with " + path.family() + " cannot be reached: "
                                + path.detail())
                : overlay.probed(path);
        return new NetworkPath(
                path.peer(),
                path.family(),
                path.way().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                path.device(),
                path.mtu(),
                condition);
    }

    List<Drift> drifts() {
        List<Drift> drifts = new ArrayList<>();
        Delta delta = overlay.reconciler().differences();
        delta.puts()
                .forEach(row -> drifts.add(new Drift(
                        row.key().kind().name().toLowerCase(Locale.ROOT),
                        row.key().id().toString(),
                        row.toString(),
                        "absent or another")));
        delta.drops()
                .forEach(key -> drifts.add(new Drift(
                        key.kind().name().toLowerCase(Locale.ROOT), key.id().toString(), "absent", "present")));
        return drifts;
    }

    NetworkSettings settings() {
        return settings;
    }
}
