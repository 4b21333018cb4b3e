package io.podnet.conformance;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A server that sends a segment far outside the window of each connection, which conntrack calls INVALID, and counts
 * resets that come back. Java has no raw sockets; Python has.
 */
final class BoomServer implements AutoCloseable {
    private final Script script;
    private final Process process;
    private final BufferedReader output;

    BoomServer(TestPod pod, IpFamily family, int port) throws IOException {
        script = new Script("boom-server.py");
        process = pod.network()
                .sandbox()
                .start(new ProcessBuilder(script.command(pod.ip(family), port)).redirectErrorStream(true));
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        expect("listening");
    }

    private String expect(String start) throws IOException {
        String line = output.readLine();
        if (line == null || !line.startsWith(start)) {
            throw new AssertionError("boom server wrote '" + line + "' instead of '" + start + "'");
        }
        return line;
    }

    /** Connects, has the segment sent, and gives how many resets the server saw before the connection's next data. */
    int resetsAfterStraySegment(Client client, IpAddress ip) throws IOException {
        try (SocketChannel channel = client.sockets().tcp()) {
            channel.connect(new InetSocketAddress(ip.toInetAddress(), 9000));
            String line = expect("resets ");
            return Integer.parseInt(line.substring("resets ".length()));
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        script.close();
    }
}
