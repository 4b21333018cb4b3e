package io.podnet.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.podnet.dns.ServedPod;
import io.podnet.dns.Shop;
import io.podnet.netlink.namespace.NamespaceChannels;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The serving thread itself, from the socket to the socket, leaves no garbage. */
class ServingAllocationTest {
    @Test
    void aQueryOverARealSocketLeavesNoGarbage() throws Exception {
        try (ServedPod served = new ServedPod(Map.of());
                DatagramChannel client =
                        new NamespaceChannels(served.threads(), served.pod().namespace()).datagram()) {
            served.resolver().apply(Shop.example());
            client.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 10}), 53));
            ask(client, 20_000);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long server = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                    .filter(info -> info != null && info.getThreadName().equals("podnet-dns-0"))
                    .findFirst()
                    .orElseThrow()
                    .getThreadId();
            long before = threads.getThreadAllocatedBytes(server);
            ask(client, 2_000);
            long after = threads.getThreadAllocatedBytes(server);
            // 2 000 queries would cost at least 32 000 bytes.
            assertThat(after - before).isLessThan(4_000);
        }
    }

    private static void ask(DatagramChannel client, int times) throws Exception {
        ByteBuffer answer = ByteBuffer.allocateDirect(512);
        ByteBuffer[] queries = {query("api"), query("nothing")};
        for (int i = 0; i < times; i += 8) {
            // Some at once, so that batches form.
            for (int j = 0; j < 8; j++) {
                client.write(queries[j & 1].rewind());
            }
            for (int j = 0; j < 8; j++) {
                client.read(answer.clear());
            }
        }
    }

    private static ByteBuffer query(String service) {
        ByteBuffer query = ByteBuffer.allocateDirect(512);
        query.putShort((short) 1)
                .putShort((short) 0x100)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(0);
        for (String label : new String[] {service, "shop", "svc", "cluster", "local"}) {
            query.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        return query.put((byte) 0).putShort((short) 1).putShort((short) 1).flip();
    }
}
