package io.podnet.conformance;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.api.Services;
import io.podnet.netlink.libc.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A whole node in a namespace of its own: the facade with its plugin and its proxy. */
final class LabNode implements AutoCloseable {
    private static final int MNT_DETACH = 2;

    private final String name;
    private final Machine machine;
    private final Map<IpFamily, IpAddress> addresses;
    private final Path directory;
    private final PodnetBuilder builder;
    private Podnet podnet;

    LabNode(String name, Machine machine, Map<IpFamily, IpAddress> addresses, String podCidrs, String backend)
            throws IOException {
        this(name, "zone-of-" + name, machine, addresses, podCidrs, backend);
    }

    LabNode(
            String name,
            String zone,
            Machine machine,
            Map<IpFamily, IpAddress> addresses,
            String podCidrs,
            String backend)
            throws IOException {
        this.name = name;
        this.machine = machine;
        this.addresses = Map.copyOf(addresses);
        this.directory = Files.createTempDirectory("podnet-" + name);
        this.builder = Podnet.builder()
                .nodeName(name)
                .zone(zone)
                .podCidr(podCidrs)
                .serviceCidrs(Lab.SERVICE_CIDRS)
                .externalCidrs(Lab.EXTERNAL_CIDRS)
                .networkPlugin("bridge")
                .serviceProxy("iptables")
                .serviceProxyOption("backend", backend)
                .nodeNamespace(machine.path())
                .netnsDirectory(directory.resolve("netns"))
                .stateDirectory(directory.resolve("state"));
        this.podnet = builder.start();
    }

    /** What a new process does: pods and rules are there, and nobody remembers. */
    void restart() {
        podnet.close();
        podnet = builder.start();
    }

    String name() {
        return name;
    }

    Machine machine() {
        return machine;
    }

    Podnet podnet() {
        return podnet;
    }

    Services services() {
        return podnet.services();
    }

    IpAddress ip(IpFamily family) {
        return addresses.get(family);
    }

    /** A process on the node: a pod with hostNetwork. */
    Client client() {
        return machine.client();
    }

    @Override
    public void close() throws IOException {
        podnet.removeAll();
        podnet.close();
        machine.close();
        // Podnet makes the pins' directory a mount and leaves it, as ip-netns(8) does; this one is the test's.
        Libc.instance().umount2(directory.resolve("netns").toString(), MNT_DETACH);
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
