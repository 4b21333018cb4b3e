package io.podnet.dns.upstream;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** In which order the servers of a group are asked. */
public enum UpstreamPolicy {
    /** Always in the order of the list. */
    SEQUENTIAL {
        @Override
        void arrange(List<UpstreamHealth> servers, int turn, RandomGenerator random) {
            // The list is the order.
        }
    },
    /** Each lookup begins one further. */
    ROUND_ROBIN {
        @Override
        void arrange(List<UpstreamHealth> servers, int turn, RandomGenerator random) {
            Collections.rotate(servers, -Math.floorMod(turn, servers.size()));
        }
    },
    /** In any order. */
    RANDOM {
        @Override
        void arrange(List<UpstreamHealth> servers, int turn, RandomGenerator random) {
            for (int i = servers.size(); i > 1; i--) {
                Collections.swap(servers, i - 1, random.nextInt(i));
            }
        }
    },
    /** The quickest first. One that was not asked for some time counts as quicker and quicker, so that it is tried again. */
    BEST_RTT {
        @Override
        void arrange(List<UpstreamHealth> servers, int turn, RandomGenerator random) {
            servers.sort(Comparator.comparingLong(UpstreamHealth::smoothedRttNanos));
            servers.stream().skip(1).forEach(UpstreamHealth::forgetALittle);
        }
    };

    abstract void arrange(List<UpstreamHealth> servers, int turn, RandomGenerator random);

    /** Those that are up in the policy's order, then those that are down: better to ask them than to give up. */
    List<UpstreamHealth> order(List<UpstreamHealth> servers, int turn, RandomGenerator random) {
        List<UpstreamHealth> up = new ArrayList<>(servers.size());
        List<UpstreamHealth> down = new ArrayList<>();
        for (UpstreamHealth server : servers) {
            switch (server.state()) {
                case UP -> up.add(server);
                case DOWN -> down.add(server);
                case LOOP -> {
                    // What comes back to us is no answer.
                }
            }
        }
        if (!up.isEmpty()) {
            arrange(up, turn, random);
        }
        if (!down.isEmpty()) {
            RANDOM.arrange(down, turn, random);
        }
        up.addAll(down);
        return up;
    }
}
