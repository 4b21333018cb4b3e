package io.podnet.cni.plugin;

import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.RouteNetlink;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what another plugin made in a container that is now ours to detach. */
final class ForeignLinks {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignLinks.class);

    private final NamespaceThreads threads;

    ForeignLinks(NamespaceThreads threads) {
        this.threads = threads;
    }

    /** Removes a container's veth, and so its other end; absent is fine, and so is a link that is something else. */
    void remove(NetworkNamespace pod, String ifName) {
        try (RouteNetlink inside = threads.callIn(pod, () -> RouteNetlink.open())) {
            Optional<Link> link =
                    inside.links().find(ifName).filter(found -> found.kind().equals("veth"));
            link.ifPresent(found -> inside.links().delete(found.name()));
        } catch (PodnetException gone) {
            // The namespace may end at any time now, and its links with it.
            LOG.atDebug().addKeyValue("link", ifName).setCause(gone).log("a link of another plugin stays");
        }
    }
}
