package io.podnet.conformance.mixing;

import io.podnet.api.IpAddress;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceSpec;
import io.podnet.spi.ClusterStore;
import io.podnet.store.memory.MemoryHub;
import io.podnet.testkit.machine.KernelPicture;
import io.podnet.testkit.machine.Machine;
import io.podnet.testkit.machine.Machines;
import io.podnet.testkit.machine.NodeDirectory;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A node in a namespace of its own, with an uplink to a machine outside, made of a mix. */
final class MixedNode implements AutoCloseable {
    private static final int PORT = 7;
    private static final int SERVICE_PORT = 80;
    private static final int PATIENCE_MILLIS = 20_000;

    private final NodeDirectory directory = new NodeDirectory();
    private final Machines machines = new Machines();
    private final ClusterStore store = new MemoryHub().connect("node-a");
    private final Machine machine;

    MixedNode() {
        machine = machines.make("node");
        Machine outside = machines.make("outside");
        machines.connect(machine, "uplink0", outside, "eth0");
        machine.addAddress("uplink0", "192.0.2.1/24");
        outside.addAddress("eth0", "192.0.2.2/24");
        machine.addRoute("0.0.0.0/0", IpAddress.parse("192.0.2.2"));
    }

    PodnetBuilder builder(Mix mix, boolean withStore) {
        PodnetBuilder builder = Podnet.builder()
                .nodeName("node-a")
                .nodeNamespace(machine.namespace().path())
                .netnsDirectory(directory.netns())
                .stateDirectory(directory.state())
                // Without upstreams, so that no query leaves the node.
                .resolvConf(directory.resolvConf("search example.org\n"))
                .podCidr("10.244.1.0/24")
                .serviceCidrs("10.96.0.0/16")
                .networkPlugin(mix.plugin())
                .ipam(mix.ipam())
                .removePodsOnClose(true);
        mix.pluginOptions().forEach(builder::networkPluginOption);
        mix.ipamOptions().forEach(builder::ipamOption);
        mix.proxy().ifPresent(builder::serviceProxy);
        mix.resolver().ifPresent(builder::nameResolver);
        if (withStore) {
            builder.clusterStore(store);
        }
        return builder;
    }

    List<String> kernel() {
        return KernelPicture.of(machine);
    }

    static Service serve(Podnet node, String name) {
        return node.services()
                .apply(ServiceSpec.of("default", name)
                        .selector("app", name)
                        .port("", Protocol.UDP, SERVICE_PORT, Integer.toString(PORT))
                        .build());
    }

    static boolean awaitProgrammed(Podnet node, Service service) {
        return node.services().awaitProgrammed(service.id(), Duration.ofMillis(PATIENCE_MILLIS));
    }

    static PodNetwork pod(Podnet node, String name) {
        return node.setUp(PodSpec.of("default", name).label("app", name).build());
    }

    /** What the pod's own C library finds, by the files that the pod sees; empty where it finds nothing. */
    static String resolve(PodNetwork pod, String name) throws IOException, InterruptedException {
        Process getent = pod.sandbox().start(new ProcessBuilder("getent", "ahostsv4", name));
        String output = new String(getent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        getent.waitFor();
        return output.split("\\s", 2)[0];
    }

    /** The source that a pod sees of a datagram to its own address. */
    static IpAddress direct(PodNetwork from, PodNetwork to) throws IOException {
        return source(from, to, to.ips().get(0), PORT);
    }

    /** The source that a pod sees of a datagram to a service that it is the endpoint of. */
    static IpAddress byService(PodNetwork from, PodNetwork to, IpAddress service) throws IOException {
        return source(from, to, service, SERVICE_PORT);
    }

    private static IpAddress source(PodNetwork from, PodNetwork to, IpAddress address, int port) throws IOException {
        try (DatagramChannel receiver = to.sandbox().openDatagramChannel();
                DatagramChannel sender = from.sandbox().openDatagramChannel()) {
            receiver.bind(new InetSocketAddress(to.ips().get(0).toInetAddress(), PORT));
            receiver.socket().setSoTimeout(PATIENCE_MILLIS);
            sender.send(ByteBuffer.wrap(new byte[] {1}), new InetSocketAddress(address.toInetAddress(), port));
            DatagramPacket packet = new DatagramPacket(new byte[16], 16);
            receiver.socket().receive(packet);
            return IpAddress.of(packet.getAddress().getAddress());
        }
    }

    @Override
    public void close() {
        store.close();
        machines.close();
        directory.close();
    }
}
