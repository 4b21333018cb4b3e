package io.podnet.examples.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.PodId;
import io.podnet.examples.manifest.FileContent;
import io.podnet.examples.manifest.ManifestReader;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final String POD =
            "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\nspec: {NODE containers: []}\n---\n";
    private final NavigableMap<String, FileContent> files = new TreeMap<>();
    private final Placement placement = new Placement(List.of("node-1", "node-2", "node-3"));

    private void file(String name, String... pods) {
        StringBuilder text = new StringBuilder();
        for (String pod : pods) {
            String[] parts = pod.split("@", 2);
            text.append(POD.replace("NAME", parts[0])
                    .replace("NODE", parts.length > 1 ? "nodeName: " + parts[1] + ", " : ""));
        }
        files.put(name, ManifestReader.read(name, text.toString()));
    }

    private List<String> on(String node) {
        placement.place(files);
        List<String> pods = new ArrayList<>();
        placement
                .of(node, files)
                .values()
                .forEach(content ->
                        content.pods().forEach(pod -> pods.add(pod.id().name())));
        return pods;
    }

    @Test
    void podsAreSpreadAndStayWhereTheyAre() {
        file("a.yaml", "p1", "p2", "p3", "p4");
        assertThat(on("node-1")).containsExactly("p1", "p4");
        assertThat(on("node-2")).containsExactly("p2");
        file("a.yaml", "p2", "p3", "p4");
        assertThat(on("node-1")).containsExactly("p4");
        file("b.yaml", "p0", "p9");
        assertThat(on("node-1")).containsExactly("p4", "p0");
        assertThat(on("node-2")).containsExactly("p2", "p9");
    }

    @Test
    void aNameDecidesAndAnUnknownOneIsTold() {
        file("a.yaml", "p1@node-3", "p2@node-9", "p3");
        assertThat(on("node-3")).containsExactly("p1");
        // The unknown one counts where it is told.
        assertThat(on("node-1")).isEmpty();
        assertThat(on("node-2")).containsExactly("p3");
        assertThat(placement.of("node-1", files).get("a.yaml").problems())
                .containsExactly("a.yaml: pod default/p2: spec.nodeName 'node-9' is no node of this cluster, which has"
                        + " node-1, node-2, node-3");
        assertThat(placement.of("node-2", files).get("a.yaml").problems()).isEmpty();
        file("a.yaml", "p1@node-2");
        assertThat(on("node-3")).isEmpty();
        assertThat(on("node-2")).containsExactly("p1");
    }

    @Test
    void aBrokenFileMovesNothing() {
        placement.found(new PodId("default", "p1"), "node-2");
        files.put("a.yaml", FileContent.unreadable("a.yaml:1: no YAML"));
        file("b.yaml", "p2", "p3");
        assertThat(on("node-2")).isEmpty();
        file("a.yaml", "p1");
        assertThat(on("node-2")).containsExactly("p1");
    }
}
