package io.podnet.examples.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.PodId;
import io.podnet.examples.manifest.FileContent;
import io.podnet.examples.manifest.ManifestReader;
import io.podnet.examples.manifest.ObjectKey;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DesiredStateTest {
    private static final PodId A = new PodId("default", "a");
    private static final PodId B = new PodId("default", "b");
    private static final String BROKEN = "{broken";

    private static String pod(String name, String spec) {
        return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "}\nspec: {" + spec + "}\n---\n";
    }

    private static TreeMap<String, FileContent> files(String... namesAndTexts) {
        TreeMap<String, FileContent> files = new TreeMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            files.put(namesAndTexts[i], ManifestReader.read(namesAndTexts[i], namesAndTexts[i + 1]));
        }
        return files;
    }

    private static DesiredState merge(DesiredState before, String... namesAndTexts) {
        return DesiredState.merge(files(namesAndTexts), before.objects());
    }

    private static DesiredState first(String... namesAndTexts) {
        return DesiredState.merge(files(namesAndTexts), Map.of());
    }

    private static String file(DesiredState state) {
        return state.objects().get(ObjectKey.of(A)).file();
    }

    @Test
    void podsComeFromAllFiles() {
        assertThat(first("1.yaml", pod("a", ""), "2.yaml", pod("b", "")).pods()).containsOnlyKeys(A, B);
    }

    @Test
    void aFileThatIsGoneTakesItsPodsAlong() {
        DesiredState before = first("1.yaml", pod("a", ""), "2.yaml", pod("b", ""));
        assertThat(merge(before, "1.yaml", pod("a", "")).pods()).containsOnlyKeys(A);
    }

    @Test
    void aPodThatItsFileNamesNoMoreGoes() {
        DesiredState before = first("1.yaml", pod("a", "") + pod("b", ""));
        assertThat(merge(before, "1.yaml", pod("a", "")).pods()).containsOnlyKeys(A);
        assertThat(merge(before, "1.yaml", "").pods()).isEmpty();
    }

    @Test
    void aBrokenFileKeepsItsLastGoodPodsAndStopsNoOther() {
        DesiredState before = first("1.yaml", pod("a", ""), "2.yaml", pod("b", ""));

        DesiredState after = merge(before, "1.yaml", BROKEN, "2.yaml", pod("b", "hostname: changed"));

        assertThat(after.pods()).containsOnlyKeys(A, B);
        assertThat(after.pods().get(A)).isEqualTo(before.pods().get(A));
        assertThat(after.pods().get(B).spec().hostname()).contains("changed");
        assertThat(after.problems()).singleElement().asString().startsWith("1.yaml:1: not valid");
    }

    @Test
    void aBrokenFileThatWasNeverGoodHasNoPods() {
        assertThat(first("1.yaml", BROKEN).pods()).isEmpty();
    }

    @Test
    void aMalformedPodKeepsItsLastGoodVersion() {
        DesiredState before = first("1.yaml", pod("a", "") + pod("b", ""));

        DesiredState after = merge(before, "1.yaml", pod("a", "restartPolicy: x") + pod("b", "hostname: new"));

        assertThat(after.pods().get(A)).isEqualTo(before.pods().get(A));
        assertThat(after.pods().get(B).spec().hostname()).contains("new");
        assertThat(after.refusedPods()).containsOnlyKeys(A);
    }

    @Test
    void aNewMalformedPodIsRefused() {
        DesiredState state = first("1.yaml", pod("a", "restartPolicy: x"));
        assertThat(state.pods()).isEmpty();
        assertThat(state.refusedPods()).containsOnlyKeys(A);
    }

    @Test
    void ofTwoNewFilesWithOnePodTheFirstByNameHasIt() {
        DesiredState state = first("2.yaml", pod("a", "hostname: two"), "1.yaml", pod("a", "hostname: one"));

        assertThat(file(state)).isEqualTo("1.yaml");
        assertThat(state.problems())
                .containsExactly("2.yaml: pod default/a is in 1.yaml already; rename one, or remove it from one of the"
                        + " files");
    }

    @Test
    void aRunningPodIsNotTakenOverByAnotherFile() {
        DesiredState before = first("2.yaml", pod("a", "hostname: two"));

        DesiredState both = merge(before, "1.yaml", pod("a", "hostname: one"), "2.yaml", pod("a", "hostname: two"));
        assertThat(file(both)).isEqualTo("2.yaml");

        DesiredState broken = merge(both, "1.yaml", pod("a", "hostname: one"), "2.yaml", BROKEN);
        assertThat(file(broken)).isEqualTo("2.yaml");

        DesiredState moved = merge(both, "1.yaml", pod("a", "hostname: two"));
        assertThat(file(moved)).isEqualTo("1.yaml");
        assertThat(moved.pods().get(A).hash()).isEqualTo(both.pods().get(A).hash());
        assertThat(moved.problems()).isEmpty();
    }

    @Test
    void servicesSlicesAndNamespacesAreMergedLikePods() {
        String service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n---\n";
        String slice = "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a, labels:"
                + " {kubernetes.io/service-name: a}}\naddressType: IPv4\nendpoints: [{addresses: [192.0.2.1]}]\n---\n";
        String namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\n";

        DesiredState before = first("1.yaml", pod("a", "") + service + slice + namespace);
        assertThat(before.problems()).isEmpty();
        assertThat(before.notes()).isEmpty();
        assertThat(before.objects()).hasSize(4);
        assertThat(before.services()).hasSize(1);
        assertThat(before.slices()).hasSize(1);

        DesiredState after = merge(before, "1.yaml", service.replace("80", "'80'") + slice);
        assertThat(after.services()).as("the last good version").isEqualTo(before.services());
        assertThat(after.pods()).isEmpty();
        assertThat(after.problems()).singleElement().asString().contains("service default/a: spec.ports[0].port");
    }
}
