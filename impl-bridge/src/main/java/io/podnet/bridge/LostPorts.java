package io.podnet.bridge;

import io.podnet.api.PodPhase;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.Links;
import io.podnet.spi.AttachmentRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pods of an earlier process that are no ports any more, since somebody removed the bridge or took them off it, or of whose
 * addresses the bridge does not know. Their processes run, so they are not set up anew.
 */
record LostPorts(Links links, PodPorts ports, String name) {
    private static final Logger LOG = LoggerFactory.getLogger(LostPorts.class);

    void takeBack(
            List<AttachmentRecord> records,
            BridgeDevice.Present bridge,
            Function<AttachmentRecord, PodWiring> wirings) {
        Map<String, Link> live = new HashMap<>();
        links.list().stream()
                .filter(link -> link.group() == LinkNames.GROUP_LIVE)
                // What is a port of another bridge was put there on purpose, or has been there since before the bridge
                // changed.
                .filter(link -> link.masterIndex() == 0 || link.masterIndex() == bridge.index())
                .forEach(link -> live.put(link.name(), link));
        List<PodWiring> known = new ArrayList<>();
        for (AttachmentRecord record : records) {
            Link link = live.get(LinkNames.hostPort(record.id()));
            if (link == null || record.phase() != PodPhase.RUNNING) {
                continue;
            }
            PodWiring wiring = wirings.apply(record);
            known.add(wiring);
            if (!link.isUp() || link.masterIndex() != bridge.index()) {
                ports.reattach(wiring, link.index(), bridge);
                LOG.atWarn()
                        .addKeyValue("namespace", record.spec().id().namespace())
                        .addKeyValue("pod", record.spec().id().name())
                        .addKeyValue("bridge", name)
                        .addKeyValue("link", link.name())
                        .log("somebody had taken a pod off the bridge; it is back");
            }
        }
        ports.remember(known, bridge);
    }
}
