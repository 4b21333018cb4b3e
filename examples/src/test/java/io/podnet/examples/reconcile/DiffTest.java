package io.podnet.examples.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.PodId;
import io.podnet.examples.manifest.ManifestReader;
import io.podnet.examples.manifest.PodManifest;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DiffTest {
    private static final PodManifest A = manifest("a", "one");
    private static final PodManifest A_CHANGED = manifest("a", "two");
    private static final PodManifest B = manifest("b", "one");

    private static PodManifest manifest(String name, String hostname) {
        return ManifestReader.read(
                        "f",
                        "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "}\nspec: {hostname: " + hostname
                                + "}\n")
                .pods()
                .get(0);
    }

    private static TreeMap<PodId, PodManifest> desired(PodManifest... pods) {
        TreeMap<PodId, PodManifest> desired = new TreeMap<>();
        for (PodManifest pod : pods) {
            desired.put(pod.id(), pod);
        }
        return desired;
    }

    private static TreeMap<PodId, Actual> actual(Map<PodManifest, Boolean> pods) {
        TreeMap<PodId, Actual> actual = new TreeMap<>();
        pods.forEach((pod, terminating) -> actual.put(pod.id(), new Actual(pod.hash(), terminating)));
        return actual;
    }

    @Test
    void whatIsMissingIsSetUp() {
        assertThat(Diff.actions(desired(A, B), actual(Map.of(A, false)))).containsExactly(new Action.SetUp(B));
    }

    @Test
    void whatNobodyWantsIsRemovedFirst() {
        assertThat(Diff.actions(desired(A), actual(Map.of(B, false))))
                .containsExactly(new Action.Remove(B.id(), "no manifest names it"), new Action.SetUp(A));
    }

    @Test
    void whatChangedIsRemovedAndSetUpOnlyWhenItIsGone() {
        assertThat(Diff.actions(desired(A_CHANGED), actual(Map.of(A, false))))
                .containsExactly(new Action.Remove(A.id(), "its manifest has changed"));
        assertThat(Diff.actions(desired(A_CHANGED), actual(Map.of(A, true)))).isEmpty();
        assertThat(Diff.actions(desired(A_CHANGED), actual(Map.of()))).containsExactly(new Action.SetUp(A_CHANGED));
    }

    @Test
    void whatIsAsItShouldBeIsLeftAlone() {
        assertThat(Diff.actions(desired(A, B), actual(Map.of(A, false, B, false))))
                .isEmpty();
    }
}
