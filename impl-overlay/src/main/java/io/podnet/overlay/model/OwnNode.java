package io.podnet.overlay.model;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The node whose kernel it is about.
 *
 * @param name its name
 * @param network the network's name
 * @param underlays at most one of a family, at least one
 * @param podCidrs its subnets; empty with {@link Backend#NEIGHBOUR}
 * @param tunnelIps its own addresses in the pod network, at most one of a family
 */
public record OwnNode(
        String name, String network, List<Underlay> underlays, List<Cidr> podCidrs, List<IpAddress> tunnelIps) {
    public OwnNode {
        underlays = List.copyOf(underlays);
        podCidrs = List.copyOf(podCidrs);
        tunnelIps = List.copyOf(tunnelIps);
    }

    /**
     * Gives the underlay of a family.
     *
     * @param family the family
     * @return the underlay, empty where the node has none
     */
    public Optional<Underlay> underlay(IpFamily family) {
        return underlays.stream().filter(each -> each.family() == family).findFirst();
    }

    /**
     * Chooses the family of outer packets that carry pods' packets of a family: the same, else the other.
     *
     * @param pods the pods' family
     * @return the underlay, empty where the node has none at all
     */
    public Optional<Underlay> carrier(IpFamily pods) {
        return underlay(pods).or(() -> underlays.stream().findFirst());
    }

    /**
     * Makes the Ethernet address of a node's VXLAN device: it follows from names alone, so that it is the same after every
     * restart and no peer keeps a stale one.
     *
     * @param family of the outer packets
     * @return a locally administered address
     */
    public MacAddress vtepMac(IpFamily family) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((network + "/" + name + "/" + family).getBytes(StandardCharsets.UTF_8));
            long seed = 0;
            for (int i = 0; i < 6; i++) {
                seed = seed << 8 | (hash[i] & 0xff);
            }
            return MacAddress.locallyAdministered(seed);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }

    /**
     * Lists the VXLAN devices that should be.
     *
     * @param settings the node's settings
     * @return none for {@link Backend#HOST_GW}
     */
    public List<Tunnel> tunnels(NetworkSettings settings) {
        if (!settings.backend().tunnels()) {
            return List.of();
        }
        List<Tunnel> tunnels = new ArrayList<>();
        for (Underlay underlay : underlays) {
            tunnels.add(new Tunnel(
                    settings.device(underlay.family()),
                    settings.vni(),
                    settings.port(),
                    underlay.address().address(),
                    vtepMac(underlay.family()),
                    Underlay.inside(underlay.family(), underlay.mtu())));
        }
        return tunnels;
    }

    /**
     * Says how large pods' packets may be so that all ways take them.
     *
     * @param settings the node's settings
     * @return bytes
     */
    public int podMtu(NetworkSettings settings) {
        return settings.clusterCidrs().stream()
                .flatMap(cidr -> carrier(cidr.family()).stream())
                .mapToInt(underlay -> settings.backend().tunnels()
                        ? Underlay.inside(underlay.family(), underlay.mtu())
                        : underlay.mtu())
                .min()
                .orElse(0);
    }
}
