package io.podnet.bridge.faults;

import io.podnet.api.Drift;
import io.podnet.api.PodId;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.api.PodnetException;
import io.podnet.bridge.Datagrams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A JVM with fewer rights than root has: sets two pods up, lets them speak, and takes them away. */
final class ModestProcess {
    /** What it prints where all went well. */
    static final String DONE = "pods came, spoke and went";

    private ModestProcess() {}

    /** Works in a directory, and in a node's namespace where one is given. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        PodnetBuilder builder = Podnet.builder()
                .podCidr("10.244.1.0/24,fd00:10:244:1::/64")
                .netnsDirectory(directory.resolve("netns"))
                .stateDirectory(directory.resolve("state"))
                .removePodsOnClose(true);
        if (arguments.length > 1) {
            builder.nodeNamespace(Path.of(arguments[1]));
        }
        try (Podnet node = builder.start()) {
            PodNetwork a = node.setUp(PodSpec.of("default", "a").build());
            PodNetwork b = node.setUp(PodSpec.of("default", "b").build());
            List<Drift> drifts = node.check(new PodId("default", "a"));
            if (!drifts.isEmpty()) {
                throw new IOException("pod a differs: " + drifts);
            }
            // By IPv4 alone: a JVM that is started where not even the loopback interface is up takes itself for one
            // without IPv6.
            Datagrams.sourceSeen(a.sandbox(), b.sandbox(), b.ips().get(0));
            Datagrams.sourceSeen(b.sandbox(), a.sandbox(), a.ips().get(0));
        } catch (PodnetException refused) {
            System.out.println(refused);
            return;
        }
        System.out.println(DONE);
    }
}
