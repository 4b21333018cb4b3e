package io.podnet.netlink.nftables;

import java.util.Objects;

/**
 * A step of a rule. Registers are numbered by words of four bytes, 0 to 15 (NFT_REG32_00 and following); a value of 16
 * bytes takes four of them.
 */
public sealed interface Expression {
    /** Stands for a register that is not used. */
    int NO_REGISTER = -1;

    /**
     * Gives the kernel's name of the expression.
     *
     * @return for example {@code payload}
     */
    String kernelName();

    /**
     * Loads something about the packet that is not in it.
     *
     * @param key what
     * @param register where to
     */
    record Meta(Key key, int register) implements Expression {
        /** NFT_META_*. */
        public enum Key {
            /** Ethernet type of the network protocol, network order. */
            PROTOCOL(1),
            /** Packet mark. */
            MARK(3),
            /** Name of the interface it came in by. */
            IIFNAME(6),
            /** Name of the interface it goes out by. */
            OIFNAME(7),
            /** NFPROTO_* of the packet, one byte. */
            NFPROTO(15),
            /** Transport protocol's number, one byte. */
            L4PROTO(16);

            private final int number;

            Key(int number) {
                this.number = number;
            }

            int number() {
                return number;
            }
        }

        @Override
        public String kernelName() {
            return "meta";
        }
    }

    /**
     * Loads bytes of the packet. Where it has none there, the rule does not match.
     *
     * @param base the header that the offset counts from
     * @param offset bytes
     * @param length bytes, 1 to 16
     * @param register where to
     */
    record Payload(Base base, int offset, int length, int register) implements Expression {
        /** NFT_PAYLOAD_*_HEADER. */
        public enum Base {
            /** Ethernet. */
            LINK(0),
            /** IP or ARP. */
            NETWORK(1),
            /** TCP, UDP, SCTP, ICMP. */
            TRANSPORT(2);

            private final int number;

            Base(int number) {
                this.number = number;
            }

            int number() {
                return number;
            }
        }

        @Override
        public String kernelName() {
            return "payload";
        }
    }

    /**
     * Compares; where it is false the rule does not match.
     *
     * @param operator how
     * @param register left side
     * @param value right side
     */
    record Cmp(Operator operator, int register, RegisterData value) implements Expression {
        /** NFT_CMP_*. */
        public enum Operator {
            /** Equal. */
            EQ(0),
            /** Not equal. */
            NEQ(1),
            /** Less. */
            LT(2),
            /** Less or equal. */
            LTE(3),
            /** Greater. */
            GT(4),
            /** Greater or equal. */
            GTE(5);

            private final int number;

            Operator(int number) {
                this.number = number;
            }

            int number() {
                return number;
            }
        }

        @Override
        public String kernelName() {
            return "cmp";
        }
    }

    /**
     * Computes {@code (register & mask) ^ xor} in place.
     *
     * @param register source and destination
     * @param mask as long as the value
     * @param xor as long as the value
     */
    record Bitwise(int register, RegisterData mask, RegisterData xor) implements Expression {
        @Override
        public String kernelName() {
            return "bitwise";
        }
    }

    /**
     * Looks a key up; where it is absent (or present, inverted) the rule does not match.
     *
     * @param set name of a set or map in the same table
     * @param register where the key starts
     * @param result where a map's value goes; {@link #NO_REGISTER} for a set
     * @param inverted true to match what is not in the set
     */
    record Lookup(String set, int register, int result, boolean inverted) implements Expression {
        @Override
        public String kernelName() {
            return "lookup";
        }
    }

    /**
     * Loads a constant.
     *
     * @param register where to
     * @param value what
     */
    record Immediate(int register, RegisterData value) implements Expression {
        @Override
        public String kernelName() {
            return "immediate";
        }
    }

    /**
     * Decides.
     *
     * @param code what
     * @param chain where to for {@link Code#JUMP} and {@link Code#GOTO}, otherwise empty
     */
    record Verdict(Code code, String chain) implements Expression {
        /** NF_* and NFT_*. */
        public enum Code {
            /** Away with the packet. */
            DROP(0),
            /** The packet goes on to the next base chain. */
            ACCEPT(1),
            /** Into another chain, and back at its end. */
            JUMP(-3),
            /** Into another chain, not back. */
            GOTO(-4),
            /** Back to the chain before. */
            RETURN(-5);

            private final int number;

            Code(int number) {
                this.number = number;
            }

            int number() {
                return number;
            }
        }

        public Verdict {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(chain, "chain");
        }

        @Override
        public String kernelName() {
            return "immediate";
        }
    }

    /**
     * Translates addresses and ports.
     *
     * @param destination true for the packet's destination, false for its source
     * @param family the address's family: {@link Family#IP} or {@link Family#IP6}
     * @param addressMin register of the address, or of the first in a range; {@link #NO_REGISTER} to keep it
     * @param addressMax register of the last in a range; the same as the first for a single one
     * @param portMin register of the port, or of the first in a range; {@link #NO_REGISTER} to keep it
     * @param portMax register of the last in a range; the same as the first for a single one
     * @param flags NF_NAT_RANGE_* of linux/netfilter/nf_nat.h
     */
    record Nat(boolean destination, Family family, int addressMin, int addressMax, int portMin, int portMax, int flags)
            implements Expression {
        /**
         * Makes a translation of the destination to one address and port.
         *
         * @param family the address's family
         * @param address register of the address
         * @param port register of the port
         * @return the expression
         */
        public static Nat to(Family family, int address, int port) {
            return new Nat(true, family, address, address, port, port, 0);
        }

        @Override
        public String kernelName() {
            return "nat";
        }
    }

    /**
     * Translates the source to an address of the interface that the packet goes out by.
     *
     * @param fullyRandom true to choose ports at random, which avoids clashes between connections made at once
     */
    record Masquerade(boolean fullyRandom) implements Expression {
        @Override
        public String kernelName() {
            return "masq";
        }
    }

    /**
     * Asks the routing table what type of address the destination or source is.
     *
     * @param source true for the packet's source address, false for its destination
     * @param register where the RTN_* number goes, in the host's byte order
     */
    record AddressType(boolean source, int register) implements Expression {
        /** RTN_UNICAST of linux/rtnetlink.h: an address that others have, or nobody. */
        public static final RegisterData UNICAST = RegisterData.host32(1);

        /** RTN_LOCAL of linux/rtnetlink.h: an address of this host. */
        public static final RegisterData LOCAL = RegisterData.host32(2);

        @Override
        public String kernelName() {
            return "fib";
        }
    }

    /** Has the packet's connection not followed, so that nothing translates it. For chains before {@code conntrack}, at -200. */
    record NoTrack() implements Expression {
        @Override
        public String kernelName() {
            return "notrack";
        }
    }

    /**
     * Away with the packet, and tells its sender by ICMP.
     *
     * @param reason why
     */
    record Reject(Reason reason) implements Expression {
        /** NFT_REJECT_ICMPX_*, the same for both families. */
        public enum Reason {
            /** No route. */
            NO_ROUTE(0),
            /** Port unreachable. */
            PORT_UNREACHABLE(1),
            /** Host unreachable. */
            HOST_UNREACHABLE(2),
            /** Administratively prohibited. */
            ADMINISTRATIVELY_PROHIBITED(3);

            private final int number;

            Reason(int number) {
                this.number = number;
            }

            int number() {
                return number;
            }
        }

        @Override
        public String kernelName() {
            return "reject";
        }
    }

    /**
     * Counts what reaches it.
     *
     * @param packets packets so far
     * @param bytes bytes so far
     */
    record Counter(long packets, long bytes) implements Expression {
        /** A counter that starts. */
        public static final Counter ZERO = new Counter(0, 0);

        @Override
        public String kernelName() {
            return "counter";
        }
    }

    /**
     * Loads something about the packet's connection.
     *
     * @param field what
     * @param direction which packet's view, for fields of a tuple
     * @param register where to
     */
    record Conntrack(Field field, Direction direction, int register) implements Expression {
        /** NFT_CT_*. */
        public enum Field {
            /** State bit, the host's byte order. */
            STATE(0),
            /** IPS_* bits, the host's byte order. */
            STATUS(2),
            /** Destination port, network order. */
            PROTO_DST(12),
            /** IPv4 source address. */
            SRC_IP(19),
            /** IPv4 destination address. */
            DST_IP(20),
            /** IPv6 source address. */
            SRC_IP6(21),
            /** IPv6 destination address. */
            DST_IP6(22);

            private final int number;

            Field(int number) {
                this.number = number;
            }

            int number() {
                return number;
            }
        }

        /** Which packets of the connection a tuple describes. */
        public enum Direction {
            /** Those of who began it. */
            ORIGINAL(0),
            /** The answers. */
            REPLY(1),
            /** The field has none. */
            NONE(2);

            private final int number;

            Direction(int number) {
                this.number = number;
            }

            int number() {
                return number;
            }
        }

        /** IPS_DST_NAT: the connection's destination was translated. */
        public static final RegisterData DESTINATION_TRANSLATED = RegisterData.host32(1 << 5);

        @Override
        public String kernelName() {
            return "ct";
        }
    }

    /**
     * An expression that this package does not know: it was read from the kernel and can not be written.
     *
     * @param kernelName the kernel's name
     * @param raw its attributes
     */
    record Unknown(String kernelName, RegisterData raw) implements Expression {}
}
