package io.podnet.bridge;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.netlink.route.Route;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A route that pods get besides those to their own networks, in iproute2's words.
 *
 * @param destination the network that it leads to
 * @param gateway the next router; empty for the gateway of the pod's address of that family, where it has one
 * @param mtu MTU of the path in bytes, 0 for the link's
 * @param metric priority, lower wins; 0 for the kernel's default
 * @param table routing table, 0 for the main one
 */
record PodRoute(Cidr destination, Optional<IpAddress> gateway, int mtu, long metric, int table) {
    PodRoute {
        if (gateway.isPresent() && gateway.get().family() != destination.family()) {
            throw new PodnetException.Invalid("a route to " + destination + " cannot go via " + gateway.get());
        }
    }

    static PodRoute toDefault(IpAddress gateway) {
        Cidr all = Route.defaultRoute(gateway.family()).destination();
        return new PodRoute(all, Optional.of(gateway), 0, 0, 0);
    }

    /** Reads a list such as {@code 0.0.0.0/0,10.1.0.0/16 via 10.22.0.7 mtu 1400 metric 10 table 100}. */
    static List<PodRoute> parseAll(String text) {
        return Arrays.stream(text.split(",", -1))
                .filter(one -> !one.isBlank())
                .map(PodRoute::parse)
                .toList();
    }

    private static PodRoute parse(String text) {
        Iterator<String> words = Arrays.asList(text.strip().split(" +")).iterator();
        PodRoute route = new PodRoute(Cidr.parse(words.next()), Optional.empty(), 0, 0, 0);
        while (words.hasNext()) {
            String word = words.next();
            if (!words.hasNext()) {
                throw new PodnetException.Invalid("route '" + text + "' has nothing behind '" + word + "'");
            }
            route = route.with(word, words.next());
        }
        return route;
    }

    private PodRoute with(String word, String value) {
        return switch (word) {
            case "via" -> new PodRoute(destination, Optional.of(IpAddress.parse(value)), mtu, metric, table);
            case "mtu" -> new PodRoute(destination, gateway, (int) number(value, 65535), metric, table);
            case "metric" -> new PodRoute(destination, gateway, mtu, number(value, 0xffff_ffffL), table);
            case "table" -> new PodRoute(destination, gateway, mtu, metric, (int) number(value, Integer.MAX_VALUE));
            default ->
                throw new PodnetException.Invalid("a route has 'via', 'mtu', 'metric' and 'table', no '" + word + "'");
        };
    }

    private static long number(String text, long most) {
        long value = text.matches("[0-9]{1,10}") ? Long.parseLong(text) : -1;
        if (value < 0 || value > most) {
            throw new PodnetException.Invalid("'" + text + "' is not a number from 0 to " + most);
        }
        return value;
    }

    /** The same with the gateway that pods of a network have, where it names none itself. */
    PodRoute orVia(List<IpAddress> gateways) {
        return gateway.isPresent()
                ? this
                : new PodRoute(
                        destination,
                        gateways.stream()
                                .filter(one -> one.family() == destination.family())
                                .findFirst(),
                        mtu,
                        metric,
                        table);
    }

    boolean isDefault() {
        return destination.prefixLength() == 0;
    }

    /** The route on a pod's interface. */
    Route on(int index) {
        Route route = Route.to(destination).on(index).withMetric(metric).withMtu(mtu);
        if (table != 0) {
            route = route.inTable(table);
        }
        return gateway.isPresent() ? route.via(gateway.get()) : route;
    }

    /** Tells whether a route of the kernel leads where this one does. */
    boolean isShownAs(Route shown) {
        return shown.destination().equals(destination) && shown.gateway().equals(gateway);
    }

    @Override
    public String toString() {
        return (isDefault() ? "default" : destination.toString())
                + gateway.map(one -> " via " + one).orElse("");
    }
}
