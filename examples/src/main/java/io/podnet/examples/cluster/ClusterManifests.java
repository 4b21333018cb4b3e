package io.podnet.examples.cluster;

import io.podnet.api.PodId;
import io.podnet.examples.desired.ManifestDirectory;
import io.podnet.examples.desired.ManifestSource;
import io.podnet.examples.desired.Snapshot;

/** One directory of manifests for several nodes, each of which sees what is its own. Safe for any thread. */
final class ClusterManifests {
    private final ManifestDirectory directory;
    private final Placement placement;

    ClusterManifests(ManifestDirectory directory, Placement placement) {
        this.directory = directory;
        this.placement = placement;
    }

    synchronized void found(PodId pod, String node) {
        placement.found(pod, node);
    }

    ManifestSource of(String node) {
        return () -> scan(node);
    }

    private synchronized Snapshot scan(String node) {
        Snapshot all = directory.scan();
        placement.place(all.files());
        return new Snapshot(placement.of(node, all.files()), all.settled());
    }
}
