package io.podnet.cni.plugin;

import io.podnet.spi.AddressRangeSet;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a configuration makes of a network, as far as all its containers share it. Two equal values are one network.
 *
 * @param name the network's name
 * @param options the provider {@code bridge}'s options
 * @param mtu the containers' MTU in bytes
 * @param ranges range sets, an address of each for a container; none for a network without addresses
 * @param dataDirectory host-local's {@code dataDir}
 * @param given whether another CNI plugin gives the addresses; the ranges are the networks of those that it gave
 */
record NetworkSettings(
        String name,
        Map<String, String> options,
        int mtu,
        List<AddressRangeSet> ranges,
        Path dataDirectory,
        boolean given) {
    NetworkSettings {
        options = Map.copyOf(options);
        ranges = List.copyOf(ranges);
    }

    /** The same for who only takes attachments down, and leaves alone what the network became since they were made. */
    NetworkSettings takingDown() {
        Map<String, String> narrow = new HashMap<>(options);
        narrow.put("ensureShared", "false");
        return new NetworkSettings(name, narrow, mtu, ranges, dataDirectory, given);
    }
}
