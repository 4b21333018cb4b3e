package io.podnet.bridge.ipam;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.spi.AddressRange;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A machine whose clock, boot, processes and file operations a test rules, with one directory. */
final class Node {
    static final Duration COOL_DOWN = Duration.ofSeconds(30);

    final Path directory;
    volatile Instant now = Instant.now();
    private String bootId = "boot1";
    private Instant booted = Instant.EPOCH;
    private final Set<String> dead = new HashSet<>();
    private final AtomicInteger instances = new AtomicInteger();

    Node(Path directory) {
        this.directory = directory;
    }

    /** A new boot, after everything that was written so far. */
    void reboot() {
        bootId = "boot" + System.nanoTime();
        booted = Instant.now().plusSeconds(60);
        killAll();
    }

    /** Lets all processes so far look dead, as if killed with SIGKILL. */
    void killAll() {
        for (int i = 1; i <= instances.get(); i++) {
            dead.add("instance" + i);
        }
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    HostLocalIpam open(String... cidrs) {
        return open(new PosixFileOps(), Map.of("coolDown", COOL_DOWN.toString()), sets(cidrs));
    }

    HostLocalIpam open(FileOps files, String... cidrs) {
        return open(files, Map.of("coolDown", COOL_DOWN.toString()), sets(cidrs));
    }

    HostLocalIpam open(FileOps files, Map<String, String> options, List<AddressRangeSet> sets) {
        InstantSource clock = () -> now;
        Processes processes = new Processes() {
            @Override
            public String newInstance() {
                return "instance" + instances.incrementAndGet();
            }

            @Override
            public boolean alive(String instance) {
                return instance.startsWith("instance") && !dead.contains(instance);
            }
        };
        return HostLocalIpam.open(
                new IpamProvider.Context("net", sets, directory, options),
                new Machine(files, clock, new Boot(bootId, booted), processes));
    }

    Path network() {
        return directory.resolve("net");
    }

    Path side() {
        return directory.resolve(".podnet/net");
    }

    static List<AddressRangeSet> sets(String... cidrs) {
        return Arrays.stream(cidrs)
                .map(cidr -> new AddressRangeSet(List.of(AddressRange.of(Cidr.parse(cidr)))))
                .toList();
    }

    static AttachmentId owner(Object name) {
        return new AttachmentId("pod" + name, "eth0");
    }

    static List<String> addresses(Ipam.Lease lease) {
        return lease.assignments().stream()
                .map(assignment -> assignment.address().address().toString())
                .toList();
    }

    static List<String> reserve(Ipam ipam, Object name, String... requested) {
        return addresses(ipam.reserve(owner(name), ips(requested)));
    }

    static List<IpAddress> ips(String... addresses) {
        return Arrays.stream(addresses).map(IpAddress::parse).toList();
    }
}
