package io.podnet.overlay.model;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import java.util.Optional;

/** A row of a kernel table. Two rows of one key cannot be there together: the later takes the earlier's place. */
public sealed interface Row {
    /** The tables, in the order in which rows are put: what others refer to first. They are deleted in the opposite order. */
    enum Kind {
        /** An address of a device. */
        ADDRESS,
        /** A forwarding entry of a VXLAN device. */
        FDB,
        /** A permanent neighbour. */
        NEIGHBOUR,
        /** An element of a set of nf_tables. */
        MEMBER,
        /** A route. */
        ROUTE,
        /** A policy rule. */
        RULE
    }

    /** What a route does. */
    enum RouteAction {
        /** Sends on. */
        FORWARD,
        /** Goes on in the next table. */
        THROW,
        /** Refuses. */
        UNREACHABLE
    }

    /**
     * What tells rows of a table apart.
     *
     * @param kind the table
     * @param place device, set or number of the routing table
     * @param id address, network or Ethernet address
     */
    record Key(Kind kind, String place, Object id) {
        @Override
        public String toString() {
            return kind.name().toLowerCase(java.util.Locale.ROOT) + " " + id + " in " + place;
        }
    }

    /**
     * Gives what tells the row from others.
     *
     * @return the key
     */
    Key key();

    /**
     * An address of a device, without a network.
     *
     * @param device the device's name
     * @param address the address
     */
    record Address(String device, IpAddress address) implements Row {
        @Override
        public Key key() {
            return new Key(Kind.ADDRESS, device, address);
        }
    }

    /**
     * To which node a VXLAN device sends frames for an Ethernet address.
     *
     * @param device the device's name
     * @param mac a VTEP's Ethernet address
     * @param destination its underlay address
     */
    record Fdb(String device, MacAddress mac, IpAddress destination) implements Row {
        @Override
        public Key key() {
            return new Key(Kind.FDB, device, mac);
        }
    }

    /**
     * Which Ethernet address frames for an IP address are sent to.
     *
     * @param device the device's name
     * @param address the IP address
     * @param mac a VTEP's Ethernet address
     */
    record Neighbour(String device, IpAddress address, MacAddress mac) implements Row {
        @Override
        public Key key() {
            return key(device, address);
        }

        /**
         * Gives a neighbour's key.
         *
         * @param device the device's name
         * @param address the IP address
         * @return the key
         */
        public static Key key(String device, IpAddress address) {
            return new Key(Kind.NEIGHBOUR, device, address);
        }
    }

    /**
     * An address in a set of the packet filter.
     *
     * @param set the set's name
     * @param address the address
     */
    record Member(String set, IpAddress address) implements Row {
        @Override
        public Key key() {
            return new Key(Kind.MEMBER, set, address);
        }
    }

    /**
     * A route.
     *
     * @param table number of the routing table
     * @param destination the network
     * @param action what it does
     * @param gateway the next node, taken for on the link; empty for a network that is on the link
     * @param device the device's name, empty where the action needs none
     * @param mtu bytes of the largest packet that the way takes, 0 for the device's
     */
    record Route(int table, Cidr destination, RouteAction action, Optional<IpAddress> gateway, String device, int mtu)
            implements Row {
        @Override
        public Key key() {
            return new Key(Kind.ROUTE, Integer.toString(table), destination);
        }
    }

    /**
     * Packets to a network are routed by a table.
     *
     * @param destination the network
     * @param table number of the routing table
     * @param priority lower is looked at first
     */
    record Rule(Cidr destination, int table, int priority) implements Row {
        @Override
        public Key key() {
            return new Key(Kind.RULE, Integer.toString(table), destination);
        }
    }
}
