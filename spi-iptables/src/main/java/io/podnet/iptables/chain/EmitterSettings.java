package io.podnet.iptables.chain;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.services.LocalDetector;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What rules depend on besides the service ports, in one family.
 *
 * @param family the family of all rules
 * @param masqueradeBit the bit of the packet mark that asks for masquerade, 0 to 31
 * @param masqueradeAll whether all traffic to cluster IPs is masqueraded
 * @param localDetector how packets of local pods are told from others
 * @param nodePortAddresses the node's addresses that take node ports; empty for all of them
 * @param nodeAddresses the node's own addresses, which source ranges may admit
 * @param dropInvalid whether packets that conntrack calls INVALID are dropped on the way through the node
 * @param randomFully whether masqueraded ports are chosen at random, which avoids clashes under load
 */
public record EmitterSettings(
        IpFamily family,
        int masqueradeBit,
        boolean masqueradeAll,
        LocalDetector localDetector,
        Optional<List<IpAddress>> nodePortAddresses,
        List<IpAddress> nodeAddresses,
        boolean dropInvalid,
        boolean randomFully) {
    public EmitterSettings {
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(localDetector, "localDetector");
        nodePortAddresses = nodePortAddresses.map(addresses -> List.copyOf(
                addresses.stream().filter(ip -> ip.family() == family).sorted().toList()));
        nodeAddresses = List.copyOf(nodeAddresses);
        if (masqueradeBit < 0 || masqueradeBit > 31) {
            throw new PodnetException.Invalid("masquerade bit " + masqueradeBit + " is not in 0..31");
        }
    }

    /**
     * Gives the mark that asks for masquerade.
     *
     * @return for example {@code 0x4000}
     */
    public String mark() {
        return "0x" + Long.toHexString(1L << masqueradeBit);
    }
}
