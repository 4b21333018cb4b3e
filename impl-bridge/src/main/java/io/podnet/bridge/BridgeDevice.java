package io.podnet.bridge;

import io.podnet.api.Cidr;
import io.podnet.api.Drift;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.route.Addresses;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.Bridge;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.sysctl.NamespaceSysctls;
import io.podnet.netlink.sysctl.SysctlKey;
import io.podnet.netlink.sysctl.SysctlSetting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The bridge that all pods of the node share, in the node's namespace. */
final class BridgeDevice {
    private final RouteNetlink node;
    private final NamespaceSysctls sysctls;
    private final BridgeOptions options;
    private final BridgeOwner owner;

    /**
     * What the bridge should be.
     *
     * @param gateways its addresses, the pods' gateways
     * @param mtu bytes
     * @param mac its MAC address
     */
    record Desired(List<InterfaceAddress> gateways, int mtu, MacAddress mac) {
        Desired {
            gateways = List.copyOf(gateways);
        }

        static Desired of(List<InterfaceAddress> gateways, int mtu, String bridge) {
            return new Desired(
                    gateways,
                    mtu,
                    gateways.isEmpty()
                            ? LinkNames.macOf(bridge)
                            : LinkNames.macOf(gateways.get(0).address()));
        }

        /** Keeps a MAC address that pods know already. */
        Desired withMac(MacAddress kept) {
            return new Desired(gateways, mtu, kept);
        }

        boolean has(IpFamily family) {
            return gateways.stream().anyMatch(gateway -> gateway.address().family() == family);
        }

        List<IpAddress> gatewayIps() {
            return gateways.stream().map(InterfaceAddress::address).toList();
        }

        /** All addresses, with the link-local one that a router of IPv6 needs. */
        List<InterfaceAddress> addresses() {
            List<InterfaceAddress> all = new ArrayList<>(gateways);
            if (has(IpFamily.IPV6)) {
                all.add(new InterfaceAddress(mac().linkLocal(), 64));
            }
            return all;
        }
    }

    /**
     * The bridge as it is in the kernel.
     *
     * @param index its interface index; {@link #ABSENT} where there is none
     * @param mac its MAC address
     * @param made whether it was made just now
     */
    record Present(int index, MacAddress mac, boolean made) {
        private static final int ABSENT = -1;

        boolean isThere() {
            return index != ABSENT;
        }
    }

    BridgeDevice(RouteNetlink node, NamespaceSysctls sysctls, BridgeOptions options, BridgeOwner owner) {
        this.node = node;
        this.sysctls = sysctls;
        this.options = options;
        this.owner = owner;
    }

    /**
     * Takes addresses away that the bridge had as the gateway of networks that are gone.
     *
     * @param was what it was
     * @param desired what it is to be
     */
    void retire(Desired was, Desired desired) {
        node.links()
                .find(options.bridge())
                .ifPresent(link -> was.addresses().stream()
                        .filter(address -> !desired.addresses().contains(address))
                        .forEach(address -> node.addresses().delete(link.index(), address)));
    }

    /**
     * Looks at the bridge and changes nothing.
     *
     * @return what is in the kernel; without a bridge of that name nothing is its port, or its neighbour
     */
    Present present(Desired desired) {
        return node.links()
                .find(options.bridge())
                .map(link -> new Present(link.index(), link.mac().orElse(desired.mac()), false))
                .orElseGet(() -> new Present(Present.ABSENT, desired.mac(), false));
    }

    /**
     * Brings the bridge to what it should be.
     *
     * @return what is in the kernel now
     * @throws PodnetException.Conflict where the name is another link's, or the bridge another node's, or it has a foreign
     *     address; nothing is changed then
     */
    Present ensure(Desired desired) {
        Optional<Link> present = node.links().find(options.bridge());
        present.ifPresent(link -> requireUsable(link, desired));
        requireOwnNetworks(present, desired);
        if (present.isPresent() && options.keepBridge()) {
            return adopt(present.get(), desired);
        }
        if (present.isPresent()) {
            configure(present.get(), desired);
            return new Present(present.get().index(), desired.mac(), false);
        }
        try {
            make(desired);
            Link link = node.links().get(options.bridge());
            configure(link, desired);
            return new Present(link.index(), desired.mac(), true);
        } catch (PodnetException e) {
            takeBack(e);
            throw e;
        }
    }

    private void make(Desired desired) {
        LinkAttributes attributes = LinkAttributes.named(options.bridge())
                .mac(desired.mac())
                .alias(options.keepBridge() ? BridgeOwner.MADE : owner.aliasOfMade());
        if (options.keepBridge()) {
            attributes.mtu(desired.mtu());
        }
        node.links().create(new Bridge(), AddressGeneration.off(attributes, desired.mtu()));
    }

    private void takeBack(PodnetException cause) {
        if (cause instanceof PodnetException.KernelRejected rejected && rejected.errno() == Errno.EEXIST.number()) {
            return; // somebody else was faster
        }
        try {
            node.links().delete(options.bridge());
        } catch (PodnetException again) {
            cause.addSuppressed(again);
        }
    }

    private void requireUsable(Link link, Desired desired) {
        if (!link.kind().equals("bridge")) {
            throw new PodnetException.Conflict("link " + link.name() + " exists and is "
                    + (link.kind().isEmpty() ? "no bridge" : "a " + link.kind())
                    + "; set the option 'bridge' to another name, or remove the link");
        }
        if (!options.keepBridge()) {
            owner.require(link);
        }
        List<AssignedAddress> foreign = foreignAddresses(link.index(), desired);
        if (!foreign.isEmpty() && !options.forceAddress()) {
            throw new PodnetException.Conflict("bridge " + link.name() + " has the address "
                    + foreign.get(0).address() + ", but the pod CIDR's gateway is "
                    + desired.gateways().get(0)
                    + (BridgeOwner.isMade(link)
                            ? "; it was made for another pod CIDR: start with that one and then change it, or remove"
                                    + " everything of the node first"
                            : "; remove the address, choose another bridge name, or set the option forceAddress=true"));
        }
    }

    /**
     * Refuses networks that are not the pods' alone, before anything is changed.
     *
     * @throws PodnetException.Conflict where another link of the node is in one of them
     */
    void requireOwnNetworks(Desired desired) {
        requireOwnNetworks(node.links().find(options.bridge()), desired);
    }

    /**
     * A network that another link of the node is in would have two ways, and the node would lose its own. What the bridge
     * has already is not asked again: a restart must find its pods. A bridge that is the user's has the user's networks.
     */
    private void requireOwnNetworks(Optional<Link> present, Desired desired) {
        if (options.keepBridge()) {
            return;
        }
        int bridge = present.map(Link::index).orElse(0);
        List<AssignedAddress> all = node.addresses().list();
        Set<InterfaceAddress> had = new HashSet<>();
        all.stream().filter(one -> one.linkIndex() == bridge).forEach(one -> had.add(one.address()));
        for (InterfaceAddress gateway : desired.gateways()) {
            all.stream()
                    .filter(one -> one.linkIndex() != bridge && !had.contains(gateway))
                    .filter(one ->
                            isOfALink(one.address()) && one.address().cidr().overlaps(gateway.cidr()))
                    .findFirst()
                    .ifPresent(one -> {
                        throw overlaps(gateway.cidr(), one);
                    });
        }
    }

    /** An address of a network that is on the link; one alone, such as a tunnel's, takes nothing from anybody. */
    private static boolean isOfALink(InterfaceAddress address) {
        return !address.address().isLinkLocal()
                && address.prefixLength() < address.address().family().bits();
    }

    private PodnetException overlaps(Cidr podCidr, AssignedAddress other) {
        Optional<Link> link = node.links().list().stream()
                .filter(one -> one.index() == other.linkIndex())
                .findFirst();
        String name = link.map(Link::name).orElse("with index " + other.linkIndex());
        boolean ours = link.filter(BridgeOwner::isMade).isPresent();
        return new PodnetException.Conflict(
                "pod CIDR " + podCidr + " overlaps " + other.address() + " on the node's link "
                        + name + ", so that packets for one would go to the other; "
                        + (ours
                                ? "that is the bridge of a Podnet, perhaps of this one: give it the option bridge="
                                        + name + ", or remove everything of that node first"
                                : "choose a pod CIDR of its own"));
    }

    private List<AssignedAddress> foreignAddresses(int index, Desired desired) {
        return node.addresses().list(index).stream()
                .filter(address -> !address.address().address().isLinkLocal())
                .filter(address -> !desired.addresses().contains(address.address()))
                .filter(address -> !options.keepBridge() || isInTheWay(address.address(), desired))
                .toList();
    }

    /** On a bridge that is the user's: one IPv4 address is ours or nobody's, IPv6 networks live beside each other. */
    private static boolean isInTheWay(InterfaceAddress address, Desired desired) {
        return desired.gateways().stream()
                .filter(gateway ->
                        gateway.address().family() == address.address().family())
                .anyMatch(gateway -> gateway.address().family() == IpFamily.IPV4
                        || gateway.cidr().overlaps(address.cidr()));
    }

    private boolean hasIpv6Network(int index) {
        return node.addresses().list(index).stream()
                .map(address -> address.address().address())
                .anyMatch(address -> address.family() == IpFamily.IPV6 && !address.isLinkLocal());
    }

    /** Takes a bridge as it is, and adds what pods need: their gateways, and that no advertisement is listened to. */
    private Present adopt(Link link, Desired desired) {
        MacAddress mac = link.mac().orElse(desired.mac());
        Desired kept = desired.withMac(mac);
        List<SysctlSetting> settings = new ArrayList<>(interfaceSettings(kept));
        if (!kept.has(IpFamily.IPV6)) {
            // It may have IPv6 for somebody else, and for another network of Podnet's.
            settings.removeIf(setting -> setting.key().toString().endsWith("disable_ipv6")
                    && (!BridgeOwner.isMade(link) || hasIpv6Network(link.index())));
        }
        sysctls.writeAll(settings);
        for (AssignedAddress address : foreignAddresses(link.index(), kept)) {
            node.addresses().delete(link.index(), address.address());
        }
        node.batch(kept.addresses().stream()
                .map(address -> Addresses.replacing(AssignedAddress.of(link.index(), address)))
                .toList());
        LinkAttributes up = LinkAttributes.none().up();
        if (options.hairpinMode() == HairpinMode.PROMISCUOUS_BRIDGE) {
            up.promiscuous(true);
        }
        node.links().change(link.index(), up);
        return new Present(link.index(), mac, false);
    }

    private void configure(Link link, Desired desired) {
        int index = link.index();
        LinkAttributes attributes = AddressGeneration.off(LinkAttributes.none(), Math.min(link.mtu(), desired.mtu()));
        // An adopted bridge keeps its pods: only what differs is set. A MAC address, even the same one, would flush all
        // neighbours, the permanent ones too; a bridge without one of its own takes its ports'.
        if (!link.mac().equals(Optional.of(desired.mac()))) {
            attributes.mac(desired.mac());
        }
        // Made by us where it is down: the maker's name comes in a second message, before which a process may end.
        boolean madeHalf = !link.isUp() && link.alias().isEmpty() && link.mac().equals(Optional.of(desired.mac()));
        Optional.of(owner.aliasOfMade())
                .filter(alias -> madeHalf)
                .or(() -> owner.aliasOf(link))
                .filter(alias -> !alias.equals(link.alias()))
                .ifPresent(attributes::alias);
        // A bridge keeps an MTU that it was given after it was made; one that it was made with follows its ports'.
        if (link.mtu() != desired.mtu()) {
            attributes.mtu(desired.mtu());
        }
        node.links().change(index, attributes);
        // Before the bridge comes up: a router advertisement must never find it listening (CVE-2020-10749).
        sysctls.writeAll(interfaceSettings(desired));
        for (AssignedAddress address : foreignAddresses(index, desired)) {
            node.addresses().delete(index, address.address());
        }
        node.batch(desired.addresses().stream()
                .map(address -> Addresses.replacing(AssignedAddress.of(index, address)))
                .toList());
        node.links()
                .change(
                        index,
                        LinkAttributes.none()
                                .promiscuous(options.hairpinMode() == HairpinMode.PROMISCUOUS_BRIDGE)
                                .up());
    }

    private List<SysctlSetting> interfaceSettings(Desired desired) {
        return List.of(
                setting("ipv6", "accept_ra", "0"),
                setting("ipv6", "autoconf", "0"),
                setting("ipv6", "accept_dad", "0"),
                setting("ipv6", "keep_addr_on_down", "1"),
                setting("ipv6", "disable_ipv6", desired.has(IpFamily.IPV6) ? "0" : "1"));
    }

    private SysctlSetting setting(String family, String name, String value) {
        return new SysctlSetting(SysctlKey.ofInterface(family, "conf", options.bridge(), name), value);
    }

    /** The bridge's differences from what it should be, and whether the node forwards from there. */
    List<Drift> check(Desired desired, SysctlLedger settings) {
        List<Drift> drifts = check(desired);
        if (options.gatewayOnBridge()) {
            drifts.addAll(settings.check(NodeSettings.forwarding(
                    desired.gateways().stream().map(InterfaceAddress::cidr).toList())));
        }
        return drifts;
    }

    private List<Drift> check(Desired desired) {
        List<Drift> drifts = new ArrayList<>();
        Optional<Link> link = node.links().find(options.bridge());
        if (link.isEmpty()) {
            drifts.add(new Drift("link", options.bridge(), "bridge", "absent"));
            return drifts;
        }
        if (!link.get().isUp()) {
            drifts.add(new Drift("link", options.bridge(), "up", "down"));
        }
        if (!link.get().mac().equals(Optional.of(desired.mac()))) {
            drifts.add(new Drift(
                    "link",
                    options.bridge(),
                    "address " + desired.mac(),
                    "address " + link.get().mac().map(MacAddress::toString).orElse("none")));
        }
        List<InterfaceAddress> present = node.addresses().list(link.get().index()).stream()
                .map(AssignedAddress::address)
                .toList();
        for (InterfaceAddress address : desired.addresses()) {
            if (!present.contains(address)) {
                drifts.add(new Drift("address", options.bridge(), address.toString(), "absent"));
            }
        }
        return drifts;
    }

    /** Removes the bridge, unless somebody else made it: then it is nobody's again. Another node's stays as it is. */
    void remove() {
        node.links()
                .find(options.bridge())
                .filter(link -> owner.aliasOf(link).equals(Optional.of(link.alias())))
                .ifPresent(link -> {
                    if (BridgeOwner.isMade(link)) {
                        node.links().delete(link.index());
                    } else {
                        node.links().change(link.index(), LinkAttributes.none().alias(""));
                    }
                });
    }
}
