package io.podnet.overlay.kernel;

import io.podnet.netlink.nftables.NftGeneration;
import io.podnet.netlink.nftables.NftablesGenerations;

/**
 * Says that somebody changed nf_tables. Who and what is not told: a flush is one change among others.
 *
 * @param listener is told
 */
record FilterEvents(OverlayKernel.Listener listener) implements NftablesGenerations.Listener {
    @Override
    public void changed(NftGeneration generation) {
        listener.filterChanged();
    }

    @Override
    public void overrun() {
        listener.filterChanged();
    }
}
