package io.podnet.examples.quickstart;

import io.podnet.api.Cidr;
import io.podnet.spi.AddressRange;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import io.podnet.spi.Providers;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Looks for what a node may have left behind, without asking the node. */
final class Leftovers {
    private Leftovers() {}

    /** Processes that live in one of these network namespaces. */
    static List<String> processesIn(List<Long> namespaces) throws IOException {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                for (long inode : namespaces) {
                    if (isIn(process, inode)) {
                        found.add(process.getFileName() + " in net:[" + inode + "]");
                    }
                }
            }
        }
        return found;
    }

    private static boolean isIn(Path process, long inode) {
        try {
            return Files.readSymbolicLink(process.resolve("ns/net")).toString().equals("net:[" + inode + "]");
        } catch (IOException gone) {
            return false;
        }
    }

    /** Files in a directory, by name; none where it does not exist. */
    static List<String> filesIn(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Leases in the Ipam's files. */
    static List<Ipam.Lease> leases(Path directory, String pool, Cidr cidr) {
        try (Ipam ipam = Providers.discover(IpamProvider.class, Leftovers.class.getClassLoader())
                .get("host-local")
                .create(new IpamProvider.Context(
                        pool, List.of(new AddressRangeSet(List.of(AddressRange.of(cidr)))), directory, Map.of()))) {
            return ipam.list();
        }
    }

    /** Names of the links in this thread's network namespace. */
    static Set<String> ownLinks() throws IOException {
        // proc(5): two lines of headings, then a line for each link that begins with its name and a colon.
        Set<String> names = new TreeSet<>();
        Files.readAllLines(Path.of("/proc/thread-self/net/dev")).stream()
                .skip(2)
                .forEach(line -> names.add(line.substring(0, line.indexOf(':')).strip()));
        return names;
    }
}
