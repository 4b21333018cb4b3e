package io.podnet.bridge.firewall;

import io.podnet.api.IpFamily;
import io.podnet.netlink.nftables.DataType;
import io.podnet.netlink.nftables.Family;
import io.podnet.netlink.nftables.NftSet;
import io.podnet.netlink.nftables.RegisterData;
import java.util.List;

/**
 * What the inet table's sets and fields are called for one IP family.
 *
 * @param family the family
 * @param kernelFamily the same for the kernel
 * @param address type of its addresses
 * @param digit 4 or 6
 * @param source where packets have their source
 * @param destination where packets have their destination
 */
record FamilyNames(
        IpFamily family, Family kernelFamily, DataType address, char digit, Field source, Field destination) {
    static final FamilyNames V4 = new FamilyNames(
            IpFamily.IPV4, Family.IP, DataType.IPV4_ADDR, '4', Field.IPV4_SOURCE, Field.IPV4_DESTINATION);
    static final FamilyNames V6 = new FamilyNames(
            IpFamily.IPV6, Family.IP6, DataType.IPV6_ADDR, '6', Field.IPV6_SOURCE, Field.IPV6_DESTINATION);
    static final List<FamilyNames> ALL = List.of(V4, V6);

    static FamilyNames of(IpFamily family) {
        return family == IpFamily.IPV4 ? V4 : V6;
    }

    /** NFPROTO_* as {@link Field#FAMILY} has it. */
    RegisterData number() {
        return RegisterData.u8(kernelFamily.number());
    }

    String podCidrs() {
        return "pod-cidrs" + digit;
    }

    String unmasqueraded() {
        return "unmasqueraded" + digit;
    }

    String hostPorts() {
        return "host-ports" + digit;
    }

    String hostIpPorts() {
        return "host-ip-ports" + digit;
    }

    String targets() {
        return "host-port-targets" + digit;
    }

    List<NftSet> sets() {
        List<DataType> target = List.of(address, DataType.INET_SERVICE);
        return List.of(
                NftSet.ranges(podCidrs(), address),
                NftSet.ranges(unmasqueraded(), address),
                NftSet.map(hostIpPorts(), List.of(DataType.INET_PROTO, address, DataType.INET_SERVICE), target),
                NftSet.map(hostPorts(), List.of(DataType.INET_PROTO, DataType.INET_SERVICE), target),
                NftSet.of(targets(), DataType.INET_PROTO, DataType.INET_SERVICE, address, DataType.INET_SERVICE));
    }
}
