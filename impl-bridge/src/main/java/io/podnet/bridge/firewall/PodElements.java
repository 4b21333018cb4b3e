package io.podnet.bridge.firewall;

import io.podnet.api.AttachmentId;
import io.podnet.api.HostPort;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.bridge.firewall.PodElement.Place;
import io.podnet.netlink.nftables.RegisterData;
import io.podnet.netlink.nftables.SetElement;
import io.podnet.netlink.nftables.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Which elements a pod has. A pure function of the pod's record. */
final class PodElements {
    private final Table frames;
    private final Table translation;

    PodElements(String bridge) {
        frames = AntiSpoofing.table(bridge);
        translation = AddressTranslation.table(bridge);
    }

    /** All sets and maps in which pods have elements. */
    List<Place> places() {
        List<Place> places = new ArrayList<>(List.of(
                ports(),
                new Place(frames, AntiSpoofing.MACS),
                new Place(frames, AntiSpoofing.SOURCES4),
                new Place(frames, AntiSpoofing.SOURCES6)));
        for (FamilyNames names : FamilyNames.ALL) {
            places.add(hostPorts(names.family()));
            places.add(hostIpPorts(names.family()));
        }
        places.addAll(hostPortTargets());
        return places;
    }

    /** The sets in which every host port has an element. */
    List<Place> hostPortTargets() {
        return FamilyNames.ALL.stream()
                .map(names -> new Place(translation, names.targets()))
                .toList();
    }

    Place ports() {
        return new Place(frames, AntiSpoofing.PORTS);
    }

    Place hostPorts(IpFamily family) {
        return new Place(translation, FamilyNames.of(family).hostPorts());
    }

    Place hostIpPorts(IpFamily family) {
        return new Place(translation, FamilyNames.of(family).hostIpPorts());
    }

    static String owner(PodPort pod) {
        return pod.attachment().toString();
    }

    /** The element of the port comes first: while it is there, all others are there and are this pod's. */
    List<PodElement> of(PodPort pod) {
        String owner = owner(pod);
        List<PodElement> all =
                new ArrayList<>(4 + pod.addresses().size() + 4 * pod.hostPorts().size());
        RegisterData port = RegisterData.interfaceName(pod.hostInterface());
        String name = '"' + pod.hostInterface() + '"';
        all.add(element(frames, AntiSpoofing.PORTS, port, name, owner));
        all.add(element(
                frames,
                AntiSpoofing.MACS,
                RegisterData.concat(port, RegisterData.of(pod.mac())),
                name + " . " + pod.mac(),
                owner));
        for (IpAddress address : pod.addresses()) {
            all.add(source(pod, address));
        }
        if (pod.address(IpFamily.IPV6).isPresent()
                && !pod.addresses().contains(pod.mac().linkLocal())) {
            all.add(source(pod, pod.mac().linkLocal()));
        }
        Set<RegisterData> targets = new HashSet<>();
        for (HostPort hostPort : pod.hostPorts()) {
            hostPort(pod, hostPort, targets, all);
        }
        return all;
    }

    private PodElement source(PodPort pod, IpAddress address) {
        return element(
                frames,
                address.family() == IpFamily.IPV4 ? AntiSpoofing.SOURCES4 : AntiSpoofing.SOURCES6,
                RegisterData.concat(
                        RegisterData.interfaceName(pod.hostInterface()),
                        RegisterData.of(pod.mac()),
                        RegisterData.of(address)),
                '"' + pod.hostInterface() + "\" . " + pod.mac() + " . " + address,
                owner(pod));
    }

    private static PodElement element(Table table, String set, RegisterData key, String text, String owner) {
        return new PodElement(new Place(table, set), SetElement.of(key, owner), text, "");
    }

    private void hostPort(PodPort pod, HostPort hostPort, Set<RegisterData> targets, List<PodElement> all) {
        for (IpFamily family : IpFamily.values()) {
            if (leads(hostPort, family)) {
                pod.address(family).ifPresent(address -> lead(pod, hostPort, address, targets, all));
            }
        }
    }

    private static boolean leads(HostPort hostPort, IpFamily family) {
        return hostPort.hostIp().map(host -> host.family() == family).orElse(true);
    }

    /**
     * Refuses host ports that can lead nowhere. Removal does not ask: it must come to its end for a pod that was refused
     * too, or that has no address yet or any more.
     */
    static void requireReachable(PodPort pod, Function<AttachmentId, String> described) {
        for (HostPort hostPort : pod.hostPorts()) {
            if (hostPort.hostIp().filter(IpAddress::isLoopback).isPresent()) {
                throw new PodnetException.Unsupported("host port " + hostPort + " of "
                        + described.apply(pod.attachment())
                        + " is on a loopback address, from which no packet can be routed to a pod; leave hostIP empty"
                        + " or give an address of the node's interfaces");
            }
            if (Arrays.stream(IpFamily.values())
                    .noneMatch(family ->
                            leads(hostPort, family) && pod.address(family).isPresent())) {
                throw new PodnetException.Invalid("host port " + hostPort + " of "
                        + described.apply(pod.attachment()) + " has no address to lead to: the pod has "
                        + pod.addresses()
                        + "; the host IP must be of a family that the pod has");
            }
        }
    }

    private void lead(
            PodPort pod, HostPort hostPort, IpAddress address, Set<RegisterData> targets, List<PodElement> all) {
        RegisterData protocol = RegisterData.u8(hostPort.protocol().number());
        RegisterData outer = RegisterData.be16(hostPort.hostPort());
        RegisterData inner = RegisterData.be16(hostPort.containerPort());
        RegisterData ip = RegisterData.of(address);
        String protocolName = hostPort.protocol().name().toLowerCase(Locale.ROOT);
        Optional<IpAddress> host = hostPort.hostIp().filter(one -> !one.isUnspecified());
        RegisterData key = host.isPresent()
                ? RegisterData.concat(protocol, RegisterData.of(host.get()), outer)
                : RegisterData.concat(protocol, outer);
        String text = protocolName + " . " + host.map(one -> one + " . ").orElse("") + hostPort.hostPort();
        Place place = host.isPresent() ? hostIpPorts(address.family()) : hostPorts(address.family());
        String value = address + " . " + hostPort.containerPort();
        all.add(new PodElement(place, SetElement.of(key, RegisterData.concat(ip, inner), owner(pod)), text, value));
        RegisterData target = RegisterData.concat(protocol, outer, ip, inner);
        if (targets.add(target)) {
            // Two host IPs may lead the same port to the same place.
            all.add(element(
                    translation,
                    FamilyNames.of(address.family()).targets(),
                    target,
                    protocolName + " . " + hostPort.hostPort() + " . " + value,
                    owner(pod)));
        }
    }

    /** Reads the protocol and port of a key in a host port map of either kind. */
    static boolean samePort(RegisterData key, RegisterData other) {
        return key.bytes(0, 1)[0] == other.bytes(0, 1)[0] && portOf(key) == portOf(other);
    }

    private static int portOf(RegisterData key) {
        // The port is the last field, padded to four bytes.
        return key.be16At(key.length() - Integer.BYTES);
    }
}
