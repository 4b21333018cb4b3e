package io.podnet.overlay;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** What a node had when it last ran, so that it forwards after a restart although the store does not answer. */
final class NodeFile {
    private static final String POD_CIDR = "podCIDR ";
    private static final String TUNNEL_IP = "tunnelIP ";

    private final Path file;

    NodeFile(Path directory) {
        this.file = directory.resolve("node");
    }

    private List<String> lines(String prefix) {
        try {
            return Files.exists(file)
                    ? Files.readAllLines(file).stream()
                            .filter(line -> line.startsWith(prefix))
                            .map(line -> line.substring(prefix.length()))
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("file " + file + " cannot be read: " + e, e);
        }
    }

    List<Cidr> podCidrs() {
        return lines(POD_CIDR).stream().map(Cidr::parse).toList();
    }

    List<IpAddress> tunnelIps() {
        return lines(TUNNEL_IP).stream().map(IpAddress::parse).toList();
    }

    void write(List<Cidr> podCidrs, List<IpAddress> tunnelIps) {
        List<String> lines = new ArrayList<>();
        podCidrs.forEach(cidr -> lines.add(POD_CIDR + cidr));
        tunnelIps.forEach(ip -> lines.add(TUNNEL_IP + ip));
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.write(temporary, lines);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("file " + file + " cannot be written: " + e, e);
        }
    }
}
