package com.example.podnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.podnet.api.IpAddress;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceSpec;
import io.podnet.testkit.machine.Machine;
import io.podnet.testkit.machine.Machines;
import io.podnet.testkit.machine.NodeDirectory;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node of our plugin and our Ipam, with Podnet's own service proxy and name resolver: pods, a service, its name. */
class MixedNodeTest {
    private static final int PORT = 7;

    @Test
    void podsReachEachOtherAndAServiceByItsName() throws Exception {
        try (NodeDirectory directory = new NodeDirectory();
                Machines machines = new Machines()) {
            Machine machine = machines.make("node");
            try (Podnet node = Podnet.builder()
                    .nodeName("node-a")
                    .nodeNamespace(machine.namespace().path())
                    .netnsDirectory(directory.netns())
                    .stateDirectory(directory.state())
                    .resolvConf(directory.resolvConf("nameserver 192.0.2.53\n"))
                    .podCidr("10.244.1.0/24")
                    .serviceCidrs("10.96.0.0/16")
                    .networkPlugin("ptp")
                    .ipam("sequential")
                    .serviceProxy("iptables")
                    .nameResolver("dns")
                    .removePodsOnClose(true)
                    .start()) {
                PodNetwork server = node.setUp(
                        PodSpec.of("default", "server").label("app", "echo").build());
                PodNetwork client = node.setUp(PodSpec.of("default", "client").build());
                assertEquals("10.244.1.1", client.status().gateways().get(0).toString());
                assertEquals(
                        client.ips().get(0), source(client, server, server.ips().get(0)));
                Service echo = node.services()
                        .apply(ServiceSpec.of("default", "echo")
                                .selector("app", "echo")
                                .port("", Protocol.UDP, 80, Integer.toString(PORT))
                                .build());
                assertTrue(node.services().awaitProgrammed(echo.id(), Duration.ofSeconds(30)));
                IpAddress found = IpAddress.parse(resolve(client, "echo"));
                assertEquals(echo.clusterIps().get(0), found);
                assertEquals(client.ips().get(0), source(client, server, found, 80));
                assertEquals(List.of(), node.check(server.id()));
            }
        }
    }

    /** What the pod's own C library finds, by the resolv.conf that the pod sees. */
    private static String resolve(PodNetwork pod, String name) throws Exception {
        Process getent = pod.sandbox().start(new ProcessBuilder("getent", "ahostsv4", name));
        String output = new String(getent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, getent.waitFor(), output);
        return output.split("\\s", 2)[0];
    }

    private static IpAddress source(PodNetwork from, PodNetwork to, IpAddress address) throws Exception {
        return source(from, to, address, PORT);
    }

    /** Sends a datagram to an address that leads to a pod, and gives the source that the pod sees. */
    private static IpAddress source(PodNetwork from, PodNetwork to, IpAddress address, int port) throws Exception {
        try (DatagramChannel receiver = to.sandbox().openDatagramChannel();
                DatagramChannel sender = from.sandbox().openDatagramChannel()) {
            receiver.bind(new InetSocketAddress(to.ips().get(0).toInetAddress(), PORT));
            receiver.socket().setSoTimeout(10_000);
            sender.send(ByteBuffer.wrap(new byte[] {1}), new InetSocketAddress(address.toInetAddress(), port));
            DatagramPacket packet = new DatagramPacket(new byte[16], 16);
            receiver.socket().receive(packet);
            return IpAddress.of(packet.getAddress().getAddress());
        }
    }
}
