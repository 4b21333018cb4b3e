package io.podnet.overlay.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpFamily;
import io.podnet.spi.ClusterStoreProvider;
import io.podnet.spi.Providers;
import io.podnet.testkit.store.Faults;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The storm on a real etcd, on the loopback of this JVM's own network namespace. */
class AddressStormOnEtcdTest {
    private static final int OPERATIONS = Integer.getInteger("podnet.storm.etcd.operations", 1000);

    @TempDir
    private Path directory;

    private Process etcd;

    @BeforeEach
    void startEtcd() throws IOException, InterruptedException {
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            assertThat(each.isUp() && !each.isLoopback())
                    .as("%s: this JVM must have a network namespace of its own; Maven starts it so", each)
                    .isFalse();
        }
        etcd = new ProcessBuilder(
                        "etcd", "--data-dir", directory.resolve("data").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        for (int i = 0; i < 500 && etcd.isAlive(); i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", 2379), 100);
                return;
            } catch (IOException e) {
                Thread.sleep(20);
            }
        }
        throw new AssertionError(Files.readString(directory.resolve("log")));
    }

    @AfterEach
    void stopEtcd() throws InterruptedException {
        etcd.destroyForcibly().waitFor();
    }

    @Test
    void noAddressTwiceNoBlockLost() {
        long seed = Long.getLong("podnet.storm.seed", System.nanoTime());
        System.out.println("address storm on etcd, seed " + seed);
        ClusterStoreProvider provider = Providers.discover(
                        ClusterStoreProvider.class, getClass().getClassLoader())
                .get("etcd");
        AddressStorm storm = new AddressStorm(
                seed,
                node -> provider.create(
                        new ClusterStoreProvider.Context("storm", node, Map.of("endpoints", "http://127.0.0.1:2379"))),
                Cluster.ranges("10.244.0.0/25", "fd00:10:244::/121"),
                Map.of("blockSizeIpv4", "28", "blockSizeIpv6", "124", "coolDown", "PT0S"),
                System::nanoTime,
                new Faults(10, 10, 10, 10, 0, 0, 0, 0));
        storm.addNodes(3);
        storm.run(OPERATIONS);
        System.out.println("address storm on etcd " + storm.counts());
        assertThat(storm.counts()).containsKeys("reserved", "released", "crashed", "timed out", "restarted");
        storm.settle();
        // 128 addresses each, as in the storm in memory.
        assertThat(storm.fill()).isEqualTo(Map.of(IpFamily.IPV4, 125, IpFamily.IPV6, 126));
    }
}
