package io.podnet.overlay;

import io.podnet.api.InterfaceAddress;
import io.podnet.api.PodnetException;
import io.podnet.overlay.kernel.OverlayKernel;
import io.podnet.overlay.model.Delta;
import io.podnet.overlay.model.Row;
import io.podnet.overlay.model.Tunnel;
import io.podnet.overlay.model.Underlay;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A kernel in memory, which counts what is asked of it and tells nothing by itself. */
final class FakeKernel implements OverlayKernel {
    private final Map<Row.Key, Row> rows = new HashMap<>();
    private List<Underlay> underlays;
    private List<Tunnel> tunnels = List.of();
    private int refusals;
    private long written;
    private int reads;
    private Optional<Listener> listener = Optional.empty();

    FakeKernel(String... underlays) {
        this.underlays = underlays(underlays);
    }

    private static List<Underlay> underlays(String... addresses) {
        List<Underlay> all = new ArrayList<>();
        for (String address : addresses) {
            all.add(new Underlay(InterfaceAddress.parse(address), "eth0", 1500));
        }
        return all;
    }

    /** Takes a row away behind the overlay's back. */
    synchronized void lose(Row.Key key) {
        rows.remove(key);
    }

    synchronized void put(Row row) {
        rows.put(row.key(), row);
    }

    synchronized void refuse(int times) {
        refusals = times;
    }

    void readdress(String... addresses) {
        synchronized (this) {
            underlays = underlays(addresses);
        }
        listener.ifPresent(Listener::lost);
    }

    synchronized Map<Row.Key, Row> rows() {
        return Map.copyOf(rows);
    }

    synchronized <T extends Row> List<T> rows(Class<T> type) {
        return rows.values().stream().filter(type::isInstance).map(type::cast).toList();
    }

    synchronized long written() {
        return written;
    }

    synchronized int reads() {
        return reads;
    }

    synchronized List<Tunnel> tunnels() {
        return tunnels;
    }

    @Override
    public synchronized List<Underlay> underlays() {
        return underlays;
    }

    @Override
    public synchronized List<String> ensure(List<Tunnel> wanted) {
        List<String> done = tunnels.equals(wanted) ? List.of() : List.of("devices");
        tunnels = List.copyOf(wanted);
        return done;
    }

    @Override
    public boolean isFilterSound() {
        return true;
    }

    @Override
    public synchronized Map<Row.Key, Row> read() {
        reads++;
        return new HashMap<>(rows);
    }

    @Override
    public synchronized List<PodnetException> apply(Delta delta) {
        if (refusals > 0 && !delta.isEmpty()) {
            refusals--;
            return List.of(new PodnetException.KernelRejected("RTM_NEWROUTE", "a row", 19, "ENODEV", ""));
        }
        written += delta.size();
        delta.puts().forEach(row -> rows.put(row.key(), row));
        delta.drops().forEach(rows::remove);
        return List.of();
    }

    @Override
    public void listen(Listener told) {
        listener = Optional.of(told);
    }

    @Override
    public synchronized void removeAll() {
        rows.clear();
    }

    @Override
    public void close() {}
}
