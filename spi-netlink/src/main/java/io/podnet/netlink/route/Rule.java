package io.podnet.netlink.route;

import io.podnet.api.Cidr;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import java.util.Optional;

/**
 * A policy rule that sends matching packets to a routing table.
 *
 * @param family the family
 * @param priority lower is looked at first, 0 to 2^32-1
 * @param source network that the packet comes from; empty for any
 * @param destination network that the packet goes to; empty for any
 * @param inputLink name of the link that the packet came in by; empty for any
 * @param mark packet mark that must be equal under the mask
 * @param markMask bits of the mark to look at; 0 for no look at the mark
 * @param table routing table
 * @param protocol RTPROT_*, who made it
 */
public record Rule(
        IpFamily family,
        long priority,
        Optional<Cidr> source,
        Optional<Cidr> destination,
        String inputLink,
        int mark,
        int markMask,
        int table,
        int protocol) {
    /** Checks that the families agree and the priority has 32 bits. */
    public Rule {
        requireFamily(family, source);
        requireFamily(family, destination);
        if (priority < 0 || priority > 0xffff_ffffL) {
            throw new PodnetException.Invalid("rule priority " + priority + " is not in 0..4294967295");
        }
    }

    private static void requireFamily(IpFamily family, Optional<Cidr> network) {
        if (network.isPresent() && network.get().family() != family) {
            throw new PodnetException.Invalid("a rule for " + family + " can not match " + network.get());
        }
    }

    /**
     * Makes a rule that matches every packet.
     *
     * @param family the family
     * @param priority lower is looked at first
     * @param table routing table
     * @param protocol RTPROT_*, who makes it
     * @return the rule
     */
    public static Rule toTable(IpFamily family, long priority, int table, int protocol) {
        return new Rule(family, priority, Optional.empty(), Optional.empty(), "", 0, 0, table, protocol);
    }

    /**
     * Narrows to packets from a network.
     *
     * @param network the network
     * @return a changed copy
     */
    public Rule from(Cidr network) {
        return new Rule(
                family, priority, Optional.of(network), destination, inputLink, mark, markMask, table, protocol);
    }

    /**
     * Narrows to packets to a network.
     *
     * @param network the network
     * @return a changed copy
     */
    public Rule to(Cidr network) {
        return new Rule(family, priority, source, Optional.of(network), inputLink, mark, markMask, table, protocol);
    }

    /**
     * Narrows to packets that came in by a link.
     *
     * @param name interface name
     * @return a changed copy
     */
    public Rule comingBy(String name) {
        return new Rule(family, priority, source, destination, LinkName.require(name), mark, markMask, table, protocol);
    }

    /**
     * Narrows to marked packets.
     *
     * @param value the mark
     * @param mask bits to look at
     * @return a changed copy
     */
    public Rule marked(int value, int mask) {
        return new Rule(family, priority, source, destination, inputLink, value, mask, table, protocol);
    }
}
