package io.podnet.bridge.firewall;

import io.podnet.api.AttachmentId;
import io.podnet.api.HostPort;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.bridge.firewall.PodElement.Place;
import io.podnet.netlink.nftables.Nftables;
import io.podnet.netlink.nftables.RegisterData;
import io.podnet.netlink.nftables.SetElement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Host ports that catch the same packets. Equal keys the kernel refuses by itself; a port on all addresses against the
 * same port on one address are keys of different maps, so that has to be looked up. Only pods with host ports pay.
 */
final class HostPortConflicts {
    private final Nftables nftables;
    private final PodElements elements;
    private final Function<AttachmentId, String> described;

    HostPortConflicts(Nftables nftables, PodElements elements, Function<AttachmentId, String> described) {
        this.nftables = nftables;
        this.elements = elements;
        this.described = described;
    }

    /** Throws where pods to add conflict with each other or with what is there. */
    void check(Map<PodPort, List<PodElement>> pods) {
        Map<String, List<Claim>> claims = new HashMap<>();
        Map<Place, List<SetElement>> listed = new HashMap<>();
        pods.forEach((pod, wanted) -> {
            if (pod.hostPorts().isEmpty()) {
                return;
            }
            pod.hostPorts().forEach(port -> among(claims, new Claim(pod, port)));
            for (PodElement one : wanted) {
                for (IpFamily family : IpFamily.values()) {
                    withKernel(pod, one, family, listed);
                }
            }
        });
    }

    private void among(Map<String, List<Claim>> claims, Claim claim) {
        HostPort port = claim.port;
        List<Claim> same = claims.computeIfAbsent(port.protocol() + " " + port.hostPort(), key -> new ArrayList<>());
        for (Claim other : same) {
            if (port.conflictsWith(other.port) && !claim.pod.attachment().equals(other.pod.attachment())) {
                throw new PodnetException.Conflict("host port " + port + " of "
                        + described.apply(claim.pod.attachment()) + " catches the same packets as " + other.port
                        + " of "
                        + described.apply(other.pod.attachment()));
            }
        }
        same.add(claim);
    }

    private void withKernel(PodPort pod, PodElement wanted, IpFamily family, Map<Place, List<SetElement>> listed) {
        Place all = elements.hostPorts(family);
        Place single = elements.hostIpPorts(family);
        RegisterData key = wanted.element().key();
        if (wanted.place().equals(single)) {
            int port = key.length() - Integer.BYTES;
            RegisterData everywhere = RegisterData.concat(
                    RegisterData.of(key.bytes(0, Integer.BYTES)), RegisterData.of(key.bytes(port, Integer.BYTES)));
            refuse(pod, wanted, nftables.element(all.table(), all.set(), everywhere));
        } else if (wanted.place().equals(all)) {
            List<SetElement> singles =
                    listed.computeIfAbsent(single, place -> nftables.elements(place.table(), place.set()));
            refuse(
                    pod,
                    wanted,
                    singles.stream()
                            .filter(element -> PodElements.samePort(element.key(), key))
                            .filter(element -> !element.comment().equals(PodElements.owner(pod)))
                            .findFirst());
        }
    }

    /** Throws where an element is somebody else's. */
    void refuse(PodPort pod, PodElement wanted, Optional<SetElement> found) {
        if (found.isPresent() && !found.get().comment().equals(PodElements.owner(pod))) {
            throw of(pod, wanted, found.get());
        }
    }

    /** Says what is taken, and by whom. */
    PodnetException.Conflict of(PodPort pod, PodElement wanted, SetElement found) {
        String owner = found.comment().isEmpty()
                ? "an unknown owner"
                : Owners.parse(found.comment()).map(described).orElse(found.comment());
        boolean port = wanted.isHostPort();
        return new PodnetException.Conflict((port ? "host port " + wanted.key().replace(" . ", " ") : wanted.name())
                + " is taken by " + owner + ", so " + described.apply(pod.attachment())
                + " can not have it; choose another or tear the owner down");
    }

    /**
     * A host port that a pod to add wants.
     *
     * @param pod which pod
     * @param port which port
     */
    private record Claim(PodPort pod, HostPort port) {}
}
