package io.podnet.examples.reconcile;

import io.podnet.api.PodId;
import io.podnet.examples.manifest.PodManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/** Compares what should run with what does. */
public final class Diff {
    private Diff() {}

    /**
     * Finds the next steps. A changed pod is removed first and set up by the next comparison, when it is gone. Removals
     * come first, since they may free what a new pod needs.
     *
     * @param desired the pods that should run
     * @param actual the pods that are there
     * @return the steps; empty where nothing is to be done but waiting
     */
    public static List<Action> actions(NavigableMap<PodId, PodManifest> desired, NavigableMap<PodId, Actual> actual) {
        List<Action> actions = new ArrayList<>();
        actual.forEach((id, pod) -> {
            PodManifest manifest = desired.get(id);
            if (pod.terminating()) {
                return;
            }
            if (manifest == null) {
                actions.add(new Action.Remove(id, "no manifest names it"));
            } else if (!manifest.hash().equals(pod.manifestHash())) {
                actions.add(new Action.Remove(id, "its manifest has changed"));
            }
        });
        desired.forEach((id, manifest) -> {
            if (!actual.containsKey(id)) {
                actions.add(new Action.SetUp(manifest));
            }
        });
        return actions;
    }
}
