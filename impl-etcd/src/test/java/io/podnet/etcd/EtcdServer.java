package io.podnet.etcd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real etcd on the loopback of this JVM's own network namespace, and what cuts single addresses off it. */
final class EtcdServer implements AutoCloseable {
    private static final int PORT = 2379;

    private final Path directory;
    private Process process;

    private EtcdServer(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    static EtcdServer start() {
        assertTrue(
                ownNamespace(),
                "this JVM is in the machine's network namespace; start it with src/test/bin/java, as Maven does");
        try {
            run("nft", "add table inet cut");
            run("nft", "add set inet cut addresses { type ipv4_addr; }");
            run("nft", "add chain inet cut input { type filter hook input priority 0; }");
            run("nft", "flush chain inet cut input");
            run("nft", "add rule inet cut input ip saddr @addresses drop");
            run("nft", "add rule inet cut input ip daddr @addresses drop");
            Path directory = Files.createTempDirectory("podnet-etcd");
            EtcdServer server = new EtcdServer(directory, launch(directory));
            server.await();
            return server;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Nothing but the loopback is up in a namespace that was just made. */
    private static boolean ownNamespace() {
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp() && !each.isLoopback()) {
                    return false;
                }
            }
            return true;
        } catch (SocketException e) {
            throw new AssertionError(e);
        }
    }

    private static Process launch(Path directory) throws IOException {
        return new ProcessBuilder(
                        "etcd",
                        "--data-dir",
                        directory.resolve("data").toString(),
                        "--listen-client-urls",
                        "http://0.0.0.0:" + PORT,
                        "--advertise-client-urls",
                        "http://127.0.0.1:" + PORT,
                        "--listen-peer-urls",
                        "http://127.0.0.1:2380",
                        "--initial-advertise-peer-urls",
                        "http://127.0.0.1:2380",
                        "--initial-cluster",
                        "default=http://127.0.0.1:2380")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
    }

    private void await() {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", PORT), 100);
                return;
            } catch (IOException e) {
                pause(20);
            }
        }
        throw new AssertionError("etcd did not start; see " + directory.resolve("log"));
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Where a client that has an address for itself finds etcd. */
    static String endpoint(int client) {
        return "http://127.0.1." + client + ":" + PORT;
    }

    void cut(int client) {
        run("nft", "add element inet cut addresses { 127.0.1." + client + " }");
    }

    void heal(int client) {
        run("nft", "delete element inet cut addresses { 127.0.1." + client + " }");
    }

    void kill() {
        process.destroyForcibly();
        try {
            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void again() {
        try {
            process = launch(directory);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        await();
    }

    static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(Arrays.toString(command) + ": " + output);
            }
            return output;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        kill();
        run("nft", "delete table inet cut");
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
