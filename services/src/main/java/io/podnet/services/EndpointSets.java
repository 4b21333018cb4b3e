package io.podnet.services;

import static io.podnet.services.SliceRows.HINTS_THIS_NODE;
import static io.podnet.services.SliceRows.HINTS_THIS_ZONE;
import static io.podnet.services.SliceRows.LOCAL;
import static io.podnet.services.SliceRows.NODE_HINTS;
import static io.podnet.services.SliceRows.READY;
import static io.podnet.services.SliceRows.SERVING;
import static io.podnet.services.SliceRows.TERMINATING;
import static io.podnet.services.SliceRows.ZONE_HINTS;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpFamily;
import io.podnet.api.ServicePort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The endpoints of one service port in one family, by policy. Source: CategorizeEndpoints in kube-proxy's
 * pkg/proxy/topology.go, and KEP-1669 (terminating), KEP-2433 and KEP-3015 (hints).
 *
 * @param anyUsable whether one may be used on any node
 * @param cluster what the Cluster policy sends to
 * @param local what the Local policy sends to
 * @param serving all that serve, whatever the policies
 */
record EndpointSets(boolean anyUsable, List<Backend> cluster, List<Backend> local, List<Backend> serving) {
    private static final int ALWAYS = 0;

    private record Row(Backend backend, int flags) implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            return backend.compareTo(other.backend);
        }

        boolean has(int all) {
            return (flags & all) == all;
        }

        boolean serving() {
            return has(SERVING);
        }

        boolean fallback() {
            return has(SERVING | TERMINATING);
        }

        /** Orders rows of one address: a pod network may hand it out anew before the pod that had it is quite gone. */
        int weight() {
            return (has(TERMINATING) ? 0 : 8) + (has(READY) ? 4 : 0) + (has(SERVING) ? 2 : 0) + (has(LOCAL) ? 1 : 0);
        }
    }

    /** Sorts the endpoints of all slices into the sets that are asked for; the others stay empty. */
    static EndpointSets of(
            ServicePort port,
            IpFamily family,
            List<SliceRows> slices,
            boolean wantCluster,
            boolean wantLocal,
            boolean wantServing) {
        Row[] rows = merge(port, family, slices);
        boolean anyUsable = false;
        boolean anyServing = false;
        for (Row row : rows) {
            anyUsable |= row.has(READY) || row.fallback();
            anyServing |= row.serving();
        }
        List<Backend> cluster = wantCluster && anyUsable ? preferred(rows, ALWAYS, topology(rows)) : List.of();
        List<Backend> local = wantLocal && anyUsable ? preferred(rows, LOCAL, LOCAL) : List.of();
        List<Backend> serving = wantServing && anyServing ? select(rows, SERVING) : List.of();
        return new EndpointSets(
                anyUsable,
                cluster,
                local.equals(cluster) ? cluster : local,
                serving.equals(cluster) ? cluster : serving);
    }

    /**
     * Slices in order of their names, each ip:port once. Where two say different things, one that is not terminating
     * counts, as in kube-proxy; of those the readier, then the local, then the first.
     */
    private static Row[] merge(ServicePort port, IpFamily family, List<SliceRows> slices) {
        List<Row> rows = new ArrayList<>();
        for (SliceRows slice : slices) {
            if (slice.family == family) {
                int number = number(port, slice);
                for (int i = 0; number != 0 && i < slice.size(); i++) {
                    rows.add(new Row(new Backend(slice.address(i), number), slice.flags(i)));
                }
            }
        }
        Row[] sorted = rows.toArray(Row[]::new);
        Arrays.sort(sorted);
        int count = 0;
        for (Row row : sorted) {
            if (count == 0 || sorted[count - 1].compareTo(row) != 0) {
                sorted[count++] = row;
            } else if (row.weight() > sorted[count - 1].weight()) {
                sorted[count - 1] = row;
            }
        }
        return count == sorted.length ? sorted : Arrays.copyOf(sorted, count);
    }

    private static int number(ServicePort port, SliceRows slice) {
        for (EndpointSlice.Port candidate : slice.ports) {
            if (candidate.protocol() == port.protocol() && candidate.name().equals(port.name())) {
                return candidate.port().orElse(0);
            }
        }
        return 0;
    }

    /** The flags that a ready endpoint must have under the Cluster policy: any missing hint disables the hints. */
    private static int topology(Row[] rows) {
        int common = NODE_HINTS | ZONE_HINTS;
        int any = 0;
        for (Row row : rows) {
            if (row.has(READY)) {
                common &= row.flags;
                any |= row.flags;
            }
        }
        if ((common & NODE_HINTS) != 0 && (any & HINTS_THIS_NODE) != 0) {
            return HINTS_THIS_NODE;
        }
        return (common & ZONE_HINTS) != 0 && (any & HINTS_THIS_ZONE) != 0 ? HINTS_THIS_ZONE : ALWAYS;
    }

    private static List<Backend> preferred(Row[] rows, int scope, int filter) {
        List<Backend> ready = select(rows, READY | filter);
        return ready.isEmpty() ? select(rows, SERVING | TERMINATING | scope) : ready;
    }

    private static List<Backend> select(Row[] rows, int flags) {
        Backend[] selected = new Backend[rows.length];
        int count = 0;
        for (Row row : rows) {
            if (row.has(flags)) {
                selected[count++] = row.backend;
            }
        }
        return List.of(Arrays.copyOf(selected, count));
    }
}
