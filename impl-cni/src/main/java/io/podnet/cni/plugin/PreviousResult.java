package io.podnet.cni.plugin;

import io.podnet.api.InterfaceAddress;
import io.podnet.api.PodNetworkStatus;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.CniInterface;
import io.podnet.cni.spec.CniIp;
import io.podnet.cni.spec.CniResult;
import io.podnet.spi.AttachmentRecord;
import java.util.List;

/**
 * What a runtime remembers of an attachment against what was made. Plugins behind this one may have added interfaces and
 * addresses of other interfaces; those are theirs to check. The reference's {@code bridge} holds the interface against
 * whatever MAC address the last plugin said. Here a container with another than it was made with is cut off: the node's
 * neighbour entry for it is permanent, and its frames count as forged, since a container's own doing looks the same.
 */
final class PreviousResult {
    private PreviousResult() {}

    static void compare(CniResult previous, AttachmentRecord record, String netns) {
        PodNetworkStatus made = record.status().orElseThrow();
        List<CniInterface> interfaces = previous.interfaces();
        CniInterface own = interfaces.stream()
                .filter(one -> one.name().equals(made.interfaceName())
                        && !one.sandbox().isEmpty())
                .findFirst()
                .orElseThrow(() ->
                        different("prevResult has no interface " + made.interfaceName() + " in a sandbox", record));
        if (!own.sandbox().equals(netns)) {
            throw different("prevResult has the sandbox " + own.sandbox() + ", not " + netns, record);
        }
        if (!own.mac().isEmpty() && !own.mac().equalsIgnoreCase(made.mac().toString())) {
            throw new CniException(
                    Errors.DIFFERENT,
                    "prevResult has the MAC address " + own.mac() + ", not " + made.mac()
                            + ": a plugin behind this one set it, and the node sends to the other, and with"
                            + " 'macspoofchk' takes frames from no other",
                    "attachment " + record.id()
                            + "; have the interface made with it: \"capabilities\":{\"mac\":true} in"
                            + " this plugin's configuration, 'args.cni.mac', or MAC in CNI_ARGS");
        }
        List<InterfaceAddress> addresses = previous.ips().stream()
                .filter(ip ->
                        ip.interfaceIndex().isEmpty() || ip.interfaceIndex().getAsInt() == interfaces.indexOf(own))
                .map(CniIp::address)
                .toList();
        for (InterfaceAddress address : made.addresses()) {
            if (!addresses.contains(address)) {
                throw different("prevResult lacks the address " + address, record);
            }
        }
    }

    private static CniException different(String message, AttachmentRecord record) {
        return new CniException(Errors.DIFFERENT, message, "attachment " + record.id());
    }
}
