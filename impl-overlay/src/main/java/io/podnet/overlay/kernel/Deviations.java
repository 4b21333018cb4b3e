package io.podnet.overlay.kernel;

import io.podnet.overlay.model.Delta;
import io.podnet.overlay.model.OverlayModel;
import io.podnet.overlay.model.Row;
import java.util.Map;
import java.util.Optional;

/** Where the kernel has other rows than the model, what to do about it, and the telling of it. As safe for threads as the model. */
final class Deviations {
    private final OverlayModel model;
    private final OverlayEvents events;

    /**
     * Makes it.
     *
     * @param model what should be
     * @param events is told of what is repaired and swept
     */
    Deviations(OverlayModel model, OverlayEvents events) {
        this.model = model;
        this.events = events;
    }

    /**
     * Compares everything; nobody is told.
     *
     * @param actual all rows of ours in the kernel; used up
     * @param sweep whether rows that nobody wants are to go
     * @return what to put and drop
     */
    Delta all(Map<Row.Key, Row> actual, boolean sweep) {
        Delta delta = new Delta();
        model.rows().forEach(row -> {
            if (!row.equals(actual.remove(row.key()))) {
                delta.put(row);
            }
        });
        if (sweep) {
            actual.keySet().forEach(delta::drop);
        }
        return delta;
    }

    /** Tells of what {@link #all} found, apart from rows that were to be changed anyway. */
    void tell(Delta found, Delta pending) {
        for (Row row : found.puts()) {
            if (!pending.names(row.key())) {
                events.happened(OverlayEvents.Kind.REPAIRED, row.key().toString(), "was not so");
            }
        }
        for (Row.Key key : found.drops()) {
            if (!pending.names(key)) {
                swept(key);
            }
        }
    }

    /**
     * Compares rows that somebody changed, and tells of those that are not as they should be.
     *
     * @param changed what is in their place now
     * @param sweep whether rows that nobody wants are to go
     * @return what to put and drop
     */
    Delta of(Map<Row.Key, Optional<Row>> changed, boolean sweep) {
        Delta repair = new Delta();
        changed.forEach((key, now) -> {
            Optional<Row> wanted = model.row(key);
            if (wanted.isPresent() && !wanted.equals(now)) {
                repair.put(wanted.get());
                events.happened(
                        OverlayEvents.Kind.REPAIRED,
                        key.toString(),
                        now.map(row -> "was " + row).orElse("was gone"));
            } else if (wanted.isEmpty() && !isOfUnderlay(key) && now.isPresent() && sweep) {
                repair.drop(key);
                swept(key);
            }
        });
        return repair;
    }

    private void swept(Row.Key key) {
        events.happened(OverlayEvents.Kind.SWEPT, key.toString(), "nobody wants it");
    }

    /** Tells whether a row is an address that others give the node: not to be swept, but a reason to look at the underlay. */
    boolean isOfUnderlay(Row.Key key) {
        return key.kind() == Row.Kind.ADDRESS
                && model.row(key).isEmpty()
                && model.tunnels().stream().noneMatch(tunnel -> tunnel.device().equals(key.place()));
    }
}
