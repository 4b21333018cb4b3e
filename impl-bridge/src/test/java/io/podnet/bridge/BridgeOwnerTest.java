package io.podnet.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodId;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.route.Bridge;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.LinkAttributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One bridge, two state directories: each would give addresses that the other gives too. */
class BridgeOwnerTest {
    private static final int MNT_DETACH = 2;
    private static final PodId A = new PodId("default", "a");

    @TempDir
    Path directory;

    private TestNode test;

    @BeforeEach
    void open() throws IOException {
        test = new TestNode(directory);
    }

    @AfterEach
    void close() {
        test.close();
        // Pins of pods that nobody knows any more; absent is fine.
        Libc.instance().umount2(directory.resolve("podnet-ns").toString(), MNT_DETACH);
    }

    private Path otherState() {
        return directory.resolve("other");
    }

    private PodnetBuilder other() {
        return test.builder().stateDirectory(otherState()).removePodsOnClose(true);
    }

    private static PodNetwork setUp(Podnet node, PodId pod) {
        return node.setUp(PodSpec.of(pod.namespace(), pod.name()).build());
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void refused(String... words) {
        List<String> before = test.kernel();
        assertThatThrownBy(() -> other().start())
                .isInstanceOf(PodnetException.Conflict.class)
                .hasMessageContainingAll("bridge cbr0", "option 'bridge'")
                .hasMessageContainingAll(words);
        assertThat(test.kernel()).isEqualTo(before);
        assertThat(otherState()).doesNotExist();
    }

    @Test
    void aBridgeIsTheStateDirectorysThatMadeIt() throws Exception {
        List<String> before = test.kernel();
        String[] whose = {
            "belongs to the node whose files are in " + test.state(),
            otherState().toString()
        };
        try (Podnet node = test.builder().start()) {
            refused(whose);
            PodNetwork pod = setUp(node, A);
            refused(whose);
            assertThat(node.check(A)).isEmpty();
            try (Podnet beside = other().stateDirectory(directory.resolve("beside"))
                    .podCidr("10.244.2.0/24")
                    .networkPluginOption("bridge", "cbr1")
                    .start()) {
                assertThat(setUp(beside, A).ips()).doesNotContainAnyElementsOf(pod.ips());
            }
        }
        refused(whose);
        try (Podnet node = test.builder().start()) {
            assertThat(node.check(A)).isEmpty();
            node.removeAll();
        }
        try (Podnet node = other().start()) {
            setUp(node, A);
        }
        assertThat(test.kernel()).isEqualTo(before);
    }

    @Test
    void aBridgeOfALostStateDirectoryIsTakenOverWhereNoPodLives() throws Exception {
        try (Podnet node = test.builder().start()) {
            setUp(node, A);
            node.tearDown(A);
            node.quiesce();
        }
        delete(test.state());
        List<String> before;
        try (Podnet node = other().removePodsOnClose(false).start()) {
            before = test.kernel();
            PodNetwork pod = setUp(node, A);
            assertThat(Datagrams.sourceSeen(test, pod.sandbox(), pod.ips().get(0)))
                    .isEqualTo(pod.status().gateways().get(0));
            assertThatThrownBy(() -> test.builder().start())
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("belongs to the node whose files are in " + otherState());
            node.tearDown(A);
            node.quiesce();
        }
        assertThat(before).anyMatch(line -> line.startsWith("link cbr0"));
        try (Podnet node = other().start()) {
            assertThat(node.pods()).isEmpty();
        }
        assertThat(test.route().links().find("cbr0")).isEmpty();
    }

    @Test
    void aPodOfALostStateDirectoryKeepsItsBridgeFromOthers() throws Exception {
        String port;
        try (Podnet node = test.builder().start()) {
            port = setUp(node, A).status().hostInterfaceName().orElseThrow();
        }
        delete(test.state());
        refused(port, test.state().toString(), "ip link delete " + port);
        test.route().links().delete(port);
        try (Podnet node = other().start()) {
            PodNetwork pod = setUp(node, A);
            assertThat(node.check(pod.id())).isEmpty();
        }
    }

    @Test
    void whoLostItsStateDirectoryStartsAnewInTheSameAndSweeps() throws Exception {
        String port;
        try (Podnet node = test.builder().start()) {
            port = setUp(node, A).status().hostInterfaceName().orElseThrow();
        }
        delete(test.state());
        try (Podnet node = test.builder().removePodsOnClose(true).start()) {
            node.quiesce();
            assertThat(test.route().links().find(port)).isEmpty();
            PodNetwork pod = setUp(node, A);
            assertThat(node.check(pod.id())).isEmpty();
        }
        assertThat(test.route().links().find("cbr0")).isEmpty();
    }

    @Test
    void aStateDirectoryThatWasMovedFindsItsPods() throws Exception {
        try (Podnet node = test.builder().start()) {
            setUp(node, A);
        }
        Files.move(test.state(), otherState());
        try (Podnet node = other().start()) {
            assertThat(node.pods()).extracting(PodNetwork::id).containsExactly(A);
            assertThat(node.check(A)).isEmpty();
        }
        assertThat(test.route().links().find("cbr0")).isEmpty();
    }

    @Test
    void aBridgeThatTheUserMadeIsOneNodesUntilItIsCleared() throws Exception {
        test.route().links().create(new Bridge(), LinkAttributes.named("cbr0").up());
        try (Podnet node = test.builder().removePodsOnClose(true).start()) {
            refused("belongs to the node whose files are in " + test.state());
            assertThat(setUp(node, A).ips()).hasSize(1);
        }
        assertThat(test.route().links().find("cbr0")).map(Link::alias).contains("");
        try (Podnet node = other().start()) {
            assertThat(setUp(node, A).ips()).hasSize(1);
        }
        assertThat(test.route().links().find("cbr0")).isPresent();
    }

    @Test
    void aPathThatIsTooLongForAnAliasCountsAllTheSame() throws Exception {
        Path deep = directory.resolve("d".repeat(200)).resolve("e".repeat(200));
        try (Podnet node = test.builder().stateDirectory(deep).start()) {
            refused("belongs to the node");
            setUp(node, A);
        }
        try (Podnet node =
                test.builder().stateDirectory(deep).removePodsOnClose(true).start()) {
            assertThat(node.check(A)).isEmpty();
        }
        assertThat(test.route().links().find("cbr0")).isEmpty();
    }
}
