package io.podnet.dns.index;

import io.podnet.api.IpFamily;
import io.podnet.api.PodId;
import io.podnet.dns.wire.NameReader;
import io.podnet.dns.wire.WireName;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a name is: the tree of Kubernetes' DNS schema 1.1.0 with its empty non-terminals (RFC 8020), and the reverse
 * zones. Costs no garbage; reused, for one thread at a time.
 */
public final class Lookup {
    /** What a name is. */
    public enum Kind {
        /** Not in one of the index' zones. */
        NOT_OURS,
        /** In a zone of which nothing is known yet. */
        UNKNOWN,
        /** In a zone, but there is no such name. */
        MISSING,
        /** It exists, without records of its own. */
        EMPTY,
        /** A zone's own name. */
        APEX,
        /** The schema's version. */
        VERSION,
        /** The name server's name. */
        SERVER,
        /** {@link #service()}. */
        SERVICE,
        /** {@link #service()}'s endpoint {@link #index()}. */
        ENDPOINT,
        /** {@link #service()}'s port {@link #index()}. */
        PORT,
        /** A pod by its address {@link #high()}, {@link #low()}. */
        POD,
        /** The reverse name of the address {@link #high()}, {@link #low()}. */
        POINTER
    }

    private static final byte[] SVC = WireName.labels("svc");
    private static final byte[] POD_LABEL = WireName.labels("pod");
    private static final byte[] DNS = WireName.labels("dns");
    private static final byte[] NS = WireName.labels("ns");
    private static final byte[] DNS_VERSION = WireName.labels("dns-version");
    private static final byte[] IN_ADDR = WireName.of("in-addr.arpa");
    private static final byte[] IP6 = WireName.of("ip6.arpa");

    private final Zone zone;
    private final PodNames podNames;
    private final DashedAddress dashed = new DashedAddress();
    private Kind kind = Kind.NOT_OURS;
    private int zoneLabel;
    private boolean inDomain;
    private @Nullable ServiceRecords service;
    private @Nullable StaticName staticName;
    private int index;
    private int family;
    private long high;
    private long low;

    /**
     * Prepares.
     *
     * @param zone the zones
     * @param podNames which names of pods exist
     */
    public Lookup(Zone zone, PodNames podNames) {
        this.zone = zone;
        this.podNames = podNames;
    }

    /**
     * Finds a name.
     *
     * @param in where
     * @param name the name, small letters
     * @return what it is
     */
    public Kind find(RecordIndex in, NameReader name) {
        service = null;
        staticName = null;
        inDomain = false;
        kind = inZones(in, name);
        if (in.statics.size() > 0) {
            findStatic(in.statics, name);
        }
        return kind;
    }

    /**
     * The host's own records win. Outside the cluster a name is the host's own where it has records, or lies below the
     * parent of a wildcard; the parent is the zone then. Names next to others are the Internet's.
     */
    private void findStatic(NameTable<StaticName> statics, NameReader name) {
        StaticName own = statics.get(name.bytes(), 0, name.length());
        boolean empty = own == null || own.records().isEmpty();
        if (kind != Kind.NOT_OURS) {
            staticName = empty ? null : own;
            kind = own != null && kind == Kind.MISSING ? Kind.EMPTY : kind;
        } else if (!empty) {
            staticName = own;
            zoneLabel = 0;
            kind = Kind.EMPTY;
        } else {
            findWildcard(statics, name, own != null);
        }
    }

    /** Only the closest name that exists counts; one above it makes that there is no such name (RFC 4592 section 3.3). */
    private void findWildcard(NameTable<StaticName> statics, NameReader name, boolean exists) {
        boolean closest = !exists;
        for (int label = 1; label < name.labels(); label++) {
            int from = name.start(label);
            StaticName above = statics.get(name.bytes(), from, name.length() - from);
            if (above == null) {
                continue;
            }
            if (above.wildcard() != null) {
                staticName = closest ? above.wildcard() : null;
                zoneLabel = label;
                kind = closest || exists ? Kind.EMPTY : Kind.MISSING;
                return;
            }
            closest = false;
        }
    }

    private Kind inZones(RecordIndex in, NameReader name) {
        int before = name.labels() - zone.labels();
        if (before >= 0 && ends(name, before, zone.domain())) {
            zoneLabel = before;
            inDomain = true;
            return in.complete ? inDomain(in, name, before) : Kind.UNKNOWN;
        }
        if (name.labels() >= 3) {
            if (ends(name, name.labels() - 2, IN_ADDR)) {
                return reverse(in, name, IpFamily.IPV4);
            }
            if (ends(name, name.labels() - 2, IP6)) {
                return reverse(in, name, IpFamily.IPV6);
            }
        }
        return Kind.NOT_OURS;
    }

    private static boolean ends(NameReader name, int label, byte[] end) {
        int from = name.start(label);
        return name.length() - from == end.length && same(name.bytes(), from, end);
    }

    private static boolean same(byte[] octets, int from, byte[] expected) {
        for (int i = 0; i < expected.length; i++) {
            if (octets[from + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLabel(NameReader name, int label, byte[] expected) {
        return name.bytes()[name.start(label)] == expected[0] && same(name.bytes(), name.start(label), expected);
    }

    /** The labels before the domain are counted from the left, so that the last of them is {@code before - 1}. */
    private Kind inDomain(RecordIndex in, NameReader name, int before) {
        if (before == 0) {
            return Kind.APEX;
        }
        if (isLabel(name, before - 1, SVC)) {
            return before >= 3 ? inService(in, name, before) : before == 1 ? Kind.EMPTY : namespace(in, name);
        }
        if (isLabel(name, before - 1, POD_LABEL)) {
            return before == 1 ? Kind.EMPTY : pod(in, name, before);
        }
        if (isLabel(name, before - 1, DNS_VERSION)) {
            return before == 1 ? Kind.VERSION : Kind.MISSING;
        }
        if (isLabel(name, before - 1, DNS)) {
            return before == 1 ? Kind.EMPTY : before == 2 && isLabel(name, 0, NS) ? Kind.SERVER : Kind.MISSING;
        }
        return Kind.MISSING;
    }

    private static Kind namespace(RecordIndex in, NameReader name) {
        return in.namespaces.get(name.bytes(), 0, name.start(1)) == null ? Kind.MISSING : Kind.EMPTY;
    }

    private Kind inService(RecordIndex in, NameReader name, int before) {
        int from = name.start(before - 3);
        ServiceRecords found = in.services.get(name.bytes(), from, name.start(before - 1) - from);
        if (found == null) {
            return Kind.MISSING;
        }
        service = found;
        return switch (before) {
            case 3 -> Kind.SERVICE;
            case 4 -> below(found, name);
            case 5 -> port(found, name);
            default -> Kind.MISSING;
        };
    }

    private Kind below(ServiceRecords found, NameReader name) {
        if (name.bytes()[1] == '_') {
            for (int i = 0; i < found.ports().size(); i++) {
                PortRecords port = found.ports().get(i);
                int length = port.name().length - port.protocolAt();
                if (length == name.start(1) && WireName.same(name.bytes(), 0, port.name(), port.protocolAt(), length)) {
                    return Kind.EMPTY;
                }
            }
            return Kind.MISSING;
        }
        index = found.endpoint(name.bytes(), 0);
        return index < 0 ? Kind.MISSING : Kind.ENDPOINT;
    }

    private Kind port(ServiceRecords found, NameReader name) {
        int length = name.start(2);
        for (int i = 0; i < found.ports().size(); i++) {
            byte[] port = found.ports().get(i).name();
            if (port.length == length && same(name.bytes(), 0, port)) {
                index = i;
                return Kind.PORT;
            }
        }
        return Kind.MISSING;
    }

    private Kind pod(RecordIndex in, NameReader name, int before) {
        if (podNames == PodNames.DISABLED || before > 3) {
            return Kind.MISSING;
        }
        int from = name.start(before - 2);
        RecordIndex.NamespaceName namespace = in.namespaces.get(name.bytes(), from, name.start(before - 1) - from);
        if (namespace == null) {
            return Kind.MISSING;
        }
        if (before == 2) {
            return Kind.EMPTY;
        }
        if (!dashed.read(name.bytes(), 1, name.bytes()[0])) {
            return Kind.MISSING;
        }
        family = dashed.family();
        high = dashed.high();
        low = dashed.low();
        return podNames == PodNames.INSECURE || hasPod(in, namespace) ? Kind.POD : Kind.MISSING;
    }

    private boolean hasPod(RecordIndex in, RecordIndex.NamespaceName namespace) {
        AddressTree<PodId> pods = family == 4 ? in.pods4 : in.pods6;
        for (int i = pods.holders(high, low) - 1; i >= 0; i--) {
            if (namespace.is(pods.holder(high, low, i).namespace())) {
                return true;
            }
        }
        return false;
    }

    private Kind reverse(RecordIndex in, NameReader name, IpFamily of) {
        int step = of == IpFamily.IPV4 ? 8 : 4;
        int most = of == IpFamily.IPV4 ? 4 : 32;
        int given = name.labels() - 2;
        int parts = 0;
        high = 0;
        low = 0;
        zoneLabel = -1;
        while (parts < given && parts < most) {
            int label = given - 1 - parts;
            int value = step == 8 ? octet(name, label) : nibble(name, label);
            if (value < 0) {
                break;
            }
            int shift = 64 - (parts + 1) * step;
            if (shift >= 0) {
                high |= (long) value << shift;
            } else {
                low |= (long) value << (shift + 64);
            }
            parts++;
            // The zone is the shortest name that lies in the network, but never a single address.
            if (zoneLabel < 0 && parts < most && zone.reverse(of, high, low, parts * step)) {
                zoneLabel = label;
            }
        }
        if (zoneLabel < 0 && parts == most && zone.reverse(of, high, low, most * step)) {
            zoneLabel = given - most + 1;
        }
        if (zoneLabel < 0) {
            return Kind.NOT_OURS;
        }
        if (!in.complete) {
            return Kind.UNKNOWN;
        }
        family = step == 8 ? 4 : 16;
        if (parts < given) {
            return Kind.MISSING;
        }
        AddressTree<ServiceKey> tree = family == 4 ? in.reverse4 : in.reverse6;
        if (parts == most) {
            return tree.holders(high, low) > 0 ? Kind.POINTER : Kind.MISSING;
        }
        return zoneLabel == 0 ? Kind.APEX : tree.anyWith(high, low, parts * step) ? Kind.EMPTY : Kind.MISSING;
    }

    private static int octet(NameReader name, int label) {
        int from = name.start(label);
        int length = name.bytes()[from];
        int value = 0;
        if (length > 3 || (length > 1 && name.bytes()[from + 1] == '0')) {
            return -1;
        }
        for (int i = 1; i <= length; i++) {
            int digit = name.bytes()[from + i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value > 255 ? -1 : value;
    }

    private static int nibble(NameReader name, int label) {
        int from = name.start(label);
        return name.bytes()[from] == 1 ? Character.digit(name.bytes()[from + 1], 16) : -1;
    }

    /**
     * Gives the label at which the name's zone begins.
     *
     * @return an index of a label; the zone's SOA has the name from there on
     */
    public int zoneLabel() {
        return zoneLabel;
    }

    /**
     * Tells whether that zone is the cluster's domain.
     *
     * @return false for the reverse zones and the host's own names
     */
    public boolean inDomain() {
        return inDomain;
    }

    /**
     * Gives the service of {@link Kind#SERVICE}, {@link Kind#ENDPOINT} and {@link Kind#PORT}.
     *
     * @return the service
     */
    public ServiceRecords service() {
        return Objects.requireNonNull(service, "no service was found");
    }

    /**
     * Gives the host's own records of the name.
     *
     * @return the records, or null where there are none
     */
    public @Nullable StaticName staticName() {
        return staticName;
    }

    /**
     * Gives the index of an endpoint or a port.
     *
     * @return an index in {@link #service()}
     */
    public int index() {
        return index;
    }

    /**
     * Gives the family of {@link Kind#POD} and {@link Kind#POINTER}.
     *
     * @return 4 or 16, the octets of the address
     */
    public int family() {
        return family;
    }

    /**
     * Gives the address' upper half.
     *
     * @return the upper 64 bits; an IPv4 address is the upper 32 of them
     */
    public long high() {
        return high;
    }

    /**
     * Gives the address' lower half.
     *
     * @return the lower 64 bits
     */
    public long low() {
        return low;
    }

    /**
     * Counts the services that have the address of {@link Kind#POINTER}.
     *
     * @param in the index that was searched
     * @return at least 1
     */
    public int holders(RecordIndex in) {
        return (family == 4 ? in.reverse4 : in.reverse6).holders(high, low);
    }

    /**
     * Gives a service that has the address of {@link Kind#POINTER}.
     *
     * @param in the index that was searched
     * @param holder 0 to {@link #holders} - 1
     * @return the service, or null where it has no records
     */
    public @Nullable ServiceRecords holder(RecordIndex in, int holder) {
        ServiceKey key = (family == 4 ? in.reverse4 : in.reverse6).holder(high, low, holder);
        return in.services.get(key.octets());
    }
}
