package io.podnet.cluster;

import io.podnet.api.IpAddress;
import io.podnet.api.PodId;
import io.podnet.record.RecordKeys;
import io.podnet.spi.ClusterStore.Entry;
import java.util.List;
import java.util.Map;

/** The text of a pod's entry. */
final class PodText {
    private static final String VERSION = "1";

    private PodText() {}

    /** A pod's addresses on some node. */
    record Addresses(PodId pod, List<IpAddress> ips) {
        Addresses {
            ips = List.copyOf(ips);
        }
    }

    static String write(PodId pod, List<IpAddress> ips) {
        return RecordKeys.write(Map.of(
                "version", VERSION, "namespace", pod.namespace(), "name", pod.name(), "ips", RecordKeys.join(ips)));
    }

    static Addresses read(Entry entry) {
        RecordKeys keys = new RecordKeys("store entry " + entry.key(), entry.value());
        keys.requireVersion(VERSION);
        try {
            return new Addresses(
                    new PodId(keys.get("namespace"), keys.get("name")),
                    RecordKeys.words(keys.get("ips")).stream()
                            .map(IpAddress::parse)
                            .toList());
        } catch (RuntimeException e) {
            throw keys.damaged(e);
        }
    }
}
