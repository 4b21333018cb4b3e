package io.podnet.overlay.model;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What should be on a node that knows of no other. */
final class OwnRows {
    private static final int MAIN = 254;

    private OwnRows() {}

    static List<Row> of(OwnNode own, NetworkSettings settings) {
        List<Row> rows = new ArrayList<>();
        if (settings.backend().tunnels()) {
            for (IpAddress address : own.tunnelIps()) {
                own.carrier(address.family())
                        .ifPresent(underlay -> rows.add(new Row.Address(settings.device(underlay.family()), address)));
            }
        }
        for (Cidr range : settings.clusterCidrs()) {
            if (settings.backend() == Backend.NEIGHBOUR) {
                own.carrier(range.family()).ifPresent(underlay -> {
                    rows.add(new Row.Route(
                            settings.table(),
                            range,
                            Row.RouteAction.FORWARD,
                            Optional.empty(),
                            settings.device(underlay.family()),
                            0));
                    rows.add(new Row.Rule(range, settings.table(), settings.table()));
                });
            } else {
                // A subnet that nobody has must not go out by the default route, nor in circles.
                rows.add(new Row.Route(MAIN, range, Row.RouteAction.UNREACHABLE, Optional.empty(), "", 0));
            }
        }
        return rows;
    }
}
