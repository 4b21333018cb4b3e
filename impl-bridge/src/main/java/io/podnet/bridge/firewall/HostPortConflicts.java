package io.podnet.bridge.firewall;

import io.podnet.api.HostPort;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.bridge.firewall.PodElement.Place;
import io.podnet.netlink.nftables.Nftables;
import io.podnet.netlink.nftables.RegisterData;
import io.podnet.netlink.nftables.SetElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Host ports that catch the same packets. Equal keys the kernel refuses by itself; a port on all addresses against the
 * same port on one address are keys of different maps, so that has to be looked up. Only pods with host ports pay.
 */
final class HostPortConflicts {
    private final Nftables nftables;
    private final PodElements elements;

    HostPortConflicts(Nftables nftables, PodElements elements) {
        this.nftables = nftables;
        this.elements = elements;
    }

    /** Throws where pods to add conflict with each other or with what is there. */
    void check(Map<PodPort, List<PodElement>> pods) {
        List<PodPort> seen = new ArrayList<>();
        for (Map.Entry<PodPort, List<PodElement>> pod : pods.entrySet()) {
            if (pod.getKey().hostPorts().isEmpty()) {
                continue;
            }
            seen.forEach(other -> among(pod.getKey(), other));
            seen.add(pod.getKey());
            for (PodElement wanted : pod.getValue()) {
                for (IpFamily family : IpFamily.values()) {
                    withKernel(pod.getKey(), wanted, family);
                }
            }
        }
    }

    private static void among(PodPort pod, PodPort other) {
        for (HostPort one : pod.hostPorts()) {
            for (HostPort two : other.hostPorts()) {
                if (one.conflictsWith(two) && !pod.attachment().equals(other.attachment())) {
                    throw new PodnetException.Conflict("host port " + one + " of " + pod.attachment()
                            + " catches the same packets as " + two + " of " + other.attachment());
                }
            }
        }
    }

    private void withKernel(PodPort pod, PodElement wanted, IpFamily family) {
        Place all = elements.hostPorts(family);
        Place single = elements.hostIpPorts(family);
        RegisterData key = wanted.element().key();
        if (wanted.place().equals(single)) {
            int port = key.length() - Integer.BYTES;
            RegisterData everywhere = RegisterData.concat(
                    RegisterData.of(key.bytes(0, Integer.BYTES)), RegisterData.of(key.bytes(port, Integer.BYTES)));
            refuse(pod, wanted, nftables.element(all.table(), all.set(), everywhere));
        } else if (wanted.place().equals(all)) {
            refuse(
                    pod,
                    wanted,
                    nftables.elements(single.table(), single.set()).stream()
                            .filter(element -> PodElements.samePort(element.key(), key))
                            .filter(element -> !element.comment().equals(PodElements.owner(pod)))
                            .findFirst());
        }
    }

    private void refuse(PodPort pod, PodElement wanted, Optional<SetElement> found) {
        if (found.isPresent() && !found.get().comment().equals(PodElements.owner(pod))) {
            throw of(pod, wanted, found.get());
        }
    }

    /** Says what is taken, and by whom. */
    PodnetException.Conflict of(PodPort pod, PodElement wanted, SetElement found) {
        String owner = found.comment().isEmpty() ? "an unknown owner" : found.comment();
        boolean port = wanted.element().data().length() > 0;
        return new PodnetException.Conflict(
                (port ? "host port " + wanted.key().replace(" . ", " ") : wanted.name()) + " is taken by " + owner
                        + ", so " + pod.attachment() + " can not have it; choose another or tear the owner down");
    }
}
