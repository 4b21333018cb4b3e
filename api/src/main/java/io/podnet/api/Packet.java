package io.podnet.api;

import java.util.Objects;
import java.util.Optional;

/**
 * The first packet of a flow, as far as rules look at it.
 *
 * @param source source address
 * @param destination destination address, of the same family
 * @param protocol the protocol
 * @param sourcePort source port, 0 to 65535
 * @param destinationPort destination port, 1 to 65535
 * @param inInterface the node's interface it arrives by; empty where a process on the node sends it
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Packet(
        IpAddress source,
        IpAddress destination,
        Protocol protocol,
        int sourcePort,
        int destinationPort,
        Optional<String> inInterface) {
    public Packet {
        Objects.requireNonNull(protocol, "protocol");
        inInterface.ifPresent(Names::interfaceName);
        if (source.family() != destination.family()) {
            throw new PodnetException.Invalid(source + " and " + destination + " are of different families");
        }
        if (sourcePort < 0 || sourcePort > 65535 || destinationPort < 1 || destinationPort > 65535) {
            throw new PodnetException.Invalid("ports " + sourcePort + " and " + destinationPort + " are out of range");
        }
    }
}
