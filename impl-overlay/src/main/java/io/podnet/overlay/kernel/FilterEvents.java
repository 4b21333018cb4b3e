package io.podnet.overlay.kernel;

import io.podnet.netlink.nftables.NftGeneration;
import io.podnet.netlink.nftables.NftablesGenerations;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears that somebody changed nf_tables, on a thread of its own. Who and what is not told: a flush is one change among others. */
final class FilterEvents implements AutoCloseable, NftablesGenerations.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(FilterEvents.class);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final NftablesGenerations generations;
    private final OverlayKernel.Listener listener;

    private FilterEvents(NftablesGenerations generations, OverlayKernel.Listener listener) {
        this.generations = generations;
        this.listener = listener;
    }

    static FilterEvents start(NftablesGenerations generations, OverlayKernel.Listener listener) {
        FilterEvents started = new FilterEvents(generations, listener);
        Thread thread = new Thread(null, started::run, "podnet-overlay-filter", 0, false);
        thread.setDaemon(true);
        thread.start();
        return started;
    }

    private void run() {
        try {
            boolean open = true;
            while (open) {
                open = generations.await(this, PATIENCE);
            }
        } catch (RuntimeException e) {
            // The periodic refresh goes on without it.
            LOG.atError()
                    .setCause(e)
                    .log("the overlay does not hear of nf_tables any more; it looks from time to time");
        }
    }

    @Override
    public void changed(NftGeneration generation) {
        listener.filterChanged();
    }

    @Override
    public void lost() {
        listener.filterChanged();
    }

    @Override
    public void close() {
        generations.close();
    }
}
