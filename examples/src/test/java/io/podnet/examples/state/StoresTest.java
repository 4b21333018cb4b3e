package io.podnet.examples.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.PodId;
import io.podnet.examples.manifest.ManifestReader;
import io.podnet.examples.manifest.PodManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoresTest {
    @TempDir
    Path state = Path.of("");

    private static PodManifest manifest(String name) {
        return ManifestReader.read(
                        "f", "{apiVersion: v1, kind: Pod, metadata: {name: " + name + "}, spec: {containers: []}}")
                .pods()
                .get(0);
    }

    @Test
    void statusesSurviveTheProcess() {
        StatusStore store = new StatusStore(state);
        ContainerStatus container = ContainerStatus.fresh("c").starting(5, 6).running(7, 8);
        PodStatus status = new PodStatus("default", "a", "Running", "m", "box", "boot", List.of(container));
        store.save(status);
        store.save(PodStatus.of(new PodId("default", "b"), "Failed", "why \"so\"\n"));
        store.saveNodeName("node-a");

        StatusStore again = new StatusStore(state);
        assertThat(again.list()).hasSize(2).contains(status);
        assertThat(again.nodeName()).isEqualTo("node-a");

        again.remove(status.id());
        assertThat(new StatusStore(state).list()).extracting(PodStatus::name).containsExactly("b");
    }

    @Test
    void aDamagedStatusCountsAsAbsent() throws IOException {
        new StatusStore(state).save(PodStatus.of(new PodId("default", "a"), "Failed", ""));
        Files.writeString(state.resolve("agent/pods/default_a"), "{\"namespace\":");
        Files.writeString(state.resolve("agent/pods/default_b"), "{}");

        assertThat(new StatusStore(state).list()).isEmpty();
    }

    @Test
    void anEmptyStateHasNothing() {
        assertThat(new StatusStore(state.resolve("absent")).list()).isEmpty();
        assertThat(new StatusStore(state.resolve("absent")).nodeName()).isEmpty();
        assertThat(new AcceptedStore(state.resolve("absent")).load()).isEmpty();
        assertThat(state.resolve("absent")).doesNotExist();
    }

    @Test
    void theLongestNamesFitIntoAFileName() {
        String name = "a".repeat(253);
        PodId longest = new PodId("n".repeat(63), name);
        PodId other = new PodId("n".repeat(63), name.substring(1) + "b");
        StatusStore store = new StatusStore(state);
        store.save(PodStatus.of(longest, "Failed", ""));
        store.save(PodStatus.of(other, "Failed", ""));

        assertThat(new StatusStore(state).list()).map(PodStatus::id).containsExactlyInAnyOrder(longest, other);
    }

    @Test
    void acceptedManifestsAreReplacedAsAWhole() {
        Accepted a = new Accepted("1.yaml", manifest("a"));
        Accepted b = new Accepted("ü \"2\".yaml", manifest("b"));
        AcceptedStore store = new AcceptedStore(state);
        store.replace(Map.of(), Map.of(a.manifest().key(), a, b.manifest().key(), b));
        assertThat(new AcceptedStore(state).load()).containsValues(a, b).hasSize(2);

        Accepted moved = new Accepted("3.yaml", manifest("a"));
        store.replace(new AcceptedStore(state).load(), Map.of(a.manifest().key(), moved));
        assertThat(new AcceptedStore(state).load())
                .containsOnlyKeys(a.manifest().key())
                .containsValue(moved);
    }

    @Test
    void outputThatGrowsTooLargeIsCopiedAsideAndEmptied() throws IOException {
        PodId pod = new PodId("default", "a");
        ContainerLogs logs = new ContainerLogs(state, 4);
        Path directory = logs.directory(pod);
        Path large = Files.writeString(ContainerLogs.file(directory, "large"), "12345");
        Path small = Files.writeString(ContainerLogs.file(directory, "small"), "1234");

        logs.trim(pod);

        assertThat(large).isEmptyFile();
        assertThat(directory.resolve("large.log.1")).hasContent("12345");
        assertThat(small).hasContent("1234");
        logs.trim(pod);
        assertThat(directory).isDirectoryContaining("glob:**.1").isDirectoryNotContaining("glob:**.1.1");

        logs.remove(pod);
        logs.remove(pod);
        assertThat(directory).doesNotExist();
    }
}
