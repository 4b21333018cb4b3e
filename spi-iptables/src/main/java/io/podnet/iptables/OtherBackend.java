package io.podnet.iptables;

import io.podnet.api.PodnetException;
import io.podnet.iptables.restore.RuleTool;
import io.podnet.iptables.sync.KernelImage;
import io.podnet.iptables.sync.Removal;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rules of ours that an earlier process made with the tools that are not chosen now. They would go on sending packets to the
 * endpoints of that time, beside the rules that are kept up; so they go, once these stand. For one thread at a time.
 */
final class OtherBackend {
    private static final Logger LOG = LoggerFactory.getLogger(OtherBackend.class);

    private final Supplier<List<RuleTool>> tools;
    private boolean gone;

    /**
     * Notes where rules may be.
     *
     * @param tools asked once, later: the other tools of those families that have tables there
     */
    OtherBackend(Supplier<List<RuleTool>> tools) {
        this.tools = tools;
    }

    boolean isGone() {
        return gone;
    }

    /** Removes them, where there are any. */
    void remove() {
        if (gone) {
            return;
        }
        for (RuleTool tool : tools.get()) {
            KernelImage image = new KernelImage();
            tool.save(false, image);
            if (!image.isEmpty()) {
                tool.restore(Removal.source(image));
                LOG.warn(
                        "removed the services' rules that an earlier process made with {}",
                        tool.tool().name());
            }
        }
        gone = true;
    }

    /** The same as a try: it is no reason to leave the present rules alone. */
    void tryToRemove() {
        try {
            remove();
        } catch (PodnetException e) {
            gone = true;
            LOG.warn(
                    "services' rules that an earlier process made with the other iptables tools may have stayed: {}",
                    e.getMessage());
        }
    }
}
