package io.podnet.examples.pods;

import io.podnet.api.PodId;
import io.podnet.api.PodNetworkStatus;
import io.podnet.examples.state.PodStatus;
import io.podnet.spi.AttachmentRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A pod as it is shown.
 *
 * @param id namespace and name
 * @param ips its addresses
 * @param mac its interface's MAC address; empty where it has none
 * @param netns its network namespace's path; empty where it has none
 * @param node the node's name; empty where it is not known
 * @param phase Pending, Running, Succeeded or Failed
 * @param message why; empty where all is well
 */
record PodRow(PodId id, List<String> ips, String mac, String netns, String node, String phase, String message) {

    /** Joins Podnet's records, which know the network, with the agent's statuses, which know the containers. */
    static List<PodRow> join(Collection<AttachmentRecord> records, Collection<PodStatus> statuses, String node) {
        Map<PodId, AttachmentRecord> networks = new TreeMap<>();
        records.forEach(record -> networks.put(record.spec().id(), record));
        Map<PodId, PodStatus> pods = new TreeMap<>();
        statuses.forEach(status -> pods.put(status.id(), status));
        Set<PodId> ids = new TreeSet<>(networks.keySet());
        ids.addAll(pods.keySet());
        List<PodRow> rows = new ArrayList<>();
        ids.forEach(id -> rows.add(row(id, networks.get(id), pods.get(id), node)));
        return rows;
    }

    private static PodRow row(PodId id, @Nullable AttachmentRecord record, @Nullable PodStatus status, String node) {
        Optional<PodNetworkStatus> network = Optional.ofNullable(record).flatMap(AttachmentRecord::status);
        boolean current = status != null
                && (record == null || status.sandboxId().equals(record.id().sandboxId()));
        return new PodRow(
                id,
                network.map(there -> there.ips().stream().map(Object::toString).toList())
                        .orElse(List.of()),
                network.map(there -> there.mac().toString()).orElse(""),
                record == null ? "" : record.netns().toString(),
                node,
                current || record == null ? phaseOf(status) : record.phase().text(),
                current || record == null ? messageOf(status) : record.message());
    }

    private static String phaseOf(@Nullable PodStatus status) {
        return status == null ? "Pending" : status.phase();
    }

    private static String messageOf(@Nullable PodStatus status) {
        return status == null ? "" : status.message();
    }
}
