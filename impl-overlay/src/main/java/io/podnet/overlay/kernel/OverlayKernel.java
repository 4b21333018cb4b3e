package io.podnet.overlay.kernel;

import io.podnet.api.PodnetException;
import io.podnet.overlay.model.Delta;
import io.podnet.overlay.model.Row;
import io.podnet.overlay.model.Tunnel;
import io.podnet.overlay.model.Underlay;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node's kernel as far as the overlay has to do with it. One thread at a time, but for the listener's calls. */
public interface OverlayKernel extends AutoCloseable {
    /** Is told what changes, by whomever. On a thread of the kernel's; must not wait. */
    interface Listener {
        /**
         * A row was put or dropped.
         *
         * @param key which
         * @param now the row; empty where it is gone, or somebody else's
         */
        void seen(Row.Key key, Optional<Row> now);

        /** Anything may have changed: all must be read. */
        void lost();

        /** Somebody changed a packet filter, perhaps the overlay's, perhaps this process itself. */
        void filterChanged();
    }

    /**
     * Finds the addresses by which the node reaches others.
     *
     * @return at most one of a family
     * @throws PodnetException.NotFound where there is none
     */
    List<Underlay> underlays();

    /**
     * Brings devices and the packet filter to what they should be; those that are right are not touched.
     *
     * @param tunnels all VXLAN devices of the overlay
     * @return what had to be done, for people
     * @throws PodnetException.Conflict where a name, or a VNI with its port, is another's
     */
    List<String> ensure(List<Tunnel> tunnels);

    /**
     * Tells whether the packet filter is what it should be, apart from rows in it. Costs the same however many there are.
     *
     * @return false where {@link #ensure} would make it anew
     */
    boolean isFilterSound();

    /**
     * Reads all rows that are the overlay's.
     *
     * @return by key
     */
    Map<Row.Key, Row> read();

    /**
     * Puts and drops rows. What is gone already is dropped.
     *
     * @param delta the rows
     * @return what the kernel refused; the others are done
     */
    List<PodnetException> apply(Delta delta);

    /**
     * Begins to tell what changes. Read after this call.
     *
     * @param listener is told
     */
    void listen(Listener listener);

    /** Removes devices, rows and tables of the overlay. */
    void removeAll();

    @Override
    void close();
}
