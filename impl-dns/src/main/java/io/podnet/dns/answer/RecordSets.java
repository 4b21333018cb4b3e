package io.podnet.dns.answer;

import io.podnet.api.IpAddress;
import io.podnet.dns.index.Lookup;
import io.podnet.dns.index.PortRecords;
import io.podnet.dns.index.RecordIndex;
import io.podnet.dns.index.ServiceRecords;
import io.podnet.dns.index.StaticName;
import io.podnet.dns.index.Zone;
import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.MessageWriter;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes the set of records that a name has of a type. Reused; for one thread at a time. */
final class RecordSets {
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] VERSION = {5, '1', '.', '1', '.', '0'};
    private static final byte[] RFC8482 = {7, 'R', 'F', 'C', '8', '4', '8', '2', 0};
    private static final int MOST_TARGETS = 64;

    private final Zone zone;
    private final Lookup lookup;
    private final MessageWriter writer;
    private final byte[] server4;
    private final byte[] server6;
    private final byte[] scratch = new byte[16];
    private final int[] targets = new int[MOST_TARGETS];
    private final int[] targetAt = new int[MOST_TARGETS];
    private int targetCount;
    private int rotation;
    private @Nullable RecordIndex index;
    private int type;
    private int ttl;

    RecordSets(Zone zone, ServerSettings settings, Lookup lookup, MessageWriter writer) {
        this.zone = zone;
        this.lookup = lookup;
        this.writer = writer;
        this.server4 = packed(settings, 4);
        this.server6 = packed(settings, 16);
    }

    private static byte[] packed(ServerSettings settings, int family) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (IpAddress address : settings.addresses()) {
            if (address.family().bits() == 8 * family) {
                packed.writeBytes(address.toBytes());
            }
        }
        return packed.toByteArray();
    }

    void begin(RecordIndex from, int asked, int seconds) {
        index = from;
        type = asked;
        ttl = seconds;
        targetCount = 0;
    }

    /** The target of the name's alias; null where it has none. */
    byte @Nullable [] alias(Lookup.Kind kind) {
        StaticName own = lookup.staticName();
        if (own != null && own.has(RecordType.CNAME)) {
            return own.records().get(0).octets();
        }
        return kind == Lookup.Kind.SERVICE ? lookup.service().externalName() : null;
    }

    int aliasTtl() {
        StaticName own = lookup.staticName();
        return own != null && own.has(RecordType.CNAME) ? own.records().get(0).ttl() : ttl;
    }

    /** Writes the answers; false where they do not all fit. */
    boolean write(Lookup.Kind kind, int owner) {
        StaticName own = lookup.staticName();
        if (kind == Lookup.Kind.MISSING) {
            return true;
        }
        boolean empty =
                kind == Lookup.Kind.EMPTY && (own == null || own.records().isEmpty());
        if (type == RecordType.ANY && !empty) {
            return writer.record(owner, RecordType.HINFO, ttl, RFC8482, 0, RFC8482.length);
        }
        if (own != null && own.has(type)) {
            return own(own, owner);
        }
        return switch (kind) {
            case APEX -> apex(owner);
            case VERSION -> type != RecordType.TXT || writer.record(owner, type, ttl, VERSION, 0, VERSION.length);
            case SERVER -> addresses(owner, server4, server6);
            case SERVICE -> service(owner);
            case ENDPOINT -> endpoint(owner, lookup.service(), lookup.index());
            case PORT ->
                type != RecordType.SRV || port(owner, lookup.service().ports().get(lookup.index()), 0);
            case POD -> pod(owner);
            case POINTER -> type != RecordType.PTR || pointers(owner);
            case NOT_OURS, UNKNOWN, MISSING, EMPTY -> true;
        };
    }

    private boolean own(StaticName own, int owner) {
        for (int i = 0; i < own.records().size(); i++) {
            StaticName.Data data = own.records().get(i);
            if (data.type() == type
                    && !writer.record(owner, type, data.ttl(), data.octets(), 0, data.octets().length)) {
                return false;
            }
        }
        return true;
    }

    private boolean apex(int owner) {
        if (type == RecordType.SOA) {
            return soa(owner);
        }
        return type != RecordType.NS || writer.name(owner, RecordType.NS, ttl, zone.server());
    }

    private boolean soa(int owner) {
        return lookup.inDomain()
                ? writer.authority(owner, ttl, zone.authority(), serial())
                : writer.soa(owner, ttl, zone.server(), zone.mailbox(), serial(), zone.times());
    }

    private int serial() {
        return index == null ? 0 : (int) index.generation();
    }

    private boolean addresses(int owner, byte[] v4, byte[] v6) {
        if (type == RecordType.A) {
            return addresses(owner, RecordType.A, v4, 0, v4.length);
        }
        return type != RecordType.AAAA || addresses(owner, RecordType.AAAA, v6, 0, v6.length);
    }

    /** Begins elsewhere each time, so that clients who take the first address spread. */
    private boolean addresses(int owner, int of, byte[] packed, int from, int to) {
        int family = of == RecordType.A ? 4 : 16;
        int count = (to - from) / family;
        int first = count > 1 ? Integer.remainderUnsigned(rotation++, count) : 0;
        for (int i = 0; i < count; i++) {
            int at = first + i < count ? first + i : first + i - count;
            if (!writer.record(owner, of, ttl, packed, from + at * family, family)) {
                return false;
            }
        }
        return true;
    }

    private boolean service(int owner) {
        ServiceRecords service = lookup.service();
        if (type != RecordType.SRV) {
            return addresses(owner, service.addresses(4), service.addresses(16));
        }
        // CoreDNS answers all ports here; the schema asks for none.
        int total = 0;
        for (int i = 0; i < service.ports().size(); i++) {
            total += service.ports().get(i).targets();
        }
        for (int i = 0; i < service.ports().size(); i++) {
            if (!port(owner, service.ports().get(i), total)) {
                return false;
            }
        }
        return true;
    }

    private boolean endpoint(int owner, ServiceRecords service, int endpoint) {
        if (type != RecordType.A && type != RecordType.AAAA) {
            return true;
        }
        int family = type == RecordType.A ? 4 : 16;
        return addresses(
                owner,
                type,
                service.endpointAddresses(family),
                service.addressesAt(family, endpoint),
                service.addressesAt(family, endpoint + 1));
    }

    private boolean port(int owner, PortRecords port, int ofAll) {
        ServiceRecords service = lookup.service();
        int weight = Math.max(1, 100 / (ofAll == 0 ? port.targets() : ofAll));
        for (int i = 0; i < port.targets(); i++) {
            int endpoint = port.endpoint(i);
            byte[] label = endpoint < 0 ? NOTHING : service.labels();
            int from = endpoint < 0 ? 0 : service.labelAt(endpoint);
            int length = endpoint < 0 ? 0 : service.labelAt(endpoint + 1) - from;
            if (!writer.srv(owner, ttl, weight, port.number(i), label, from, length, service.key(), zone.services())) {
                return false;
            }
            remember(endpoint, writer.dataOffset() + 6);
        }
        return true;
    }

    private void remember(int endpoint, int at) {
        if (at > MessageWriter.LAST_OWNER) {
            return;
        }
        for (int i = 0; i < targetCount; i++) {
            if (targets[i] == endpoint) {
                return;
            }
        }
        if (targetCount < MOST_TARGETS) {
            targets[targetCount] = endpoint;
            targetAt[targetCount++] = at;
        }
    }

    private boolean pod(int owner) {
        int of = lookup.family() == 4 ? RecordType.A : RecordType.AAAA;
        if (type != of) {
            return true;
        }
        Octets.put32(scratch, 0, lookup.high() >>> 32);
        Octets.put32(scratch, 4, lookup.high());
        Octets.put32(scratch, 8, lookup.low() >>> 32);
        Octets.put32(scratch, 12, lookup.low());
        return writer.record(owner, of, ttl, scratch, 0, lookup.family());
    }

    /** A cluster IP belongs to one service alone; an endpoint may belong to several. */
    private boolean pointers(int owner) {
        RecordIndex in = index;
        if (in == null) {
            return true;
        }
        int count = lookup.holders(in);
        for (int i = 0; i < count; i++) {
            ServiceRecords service = lookup.holder(in, i);
            if (service != null && !service.headless()) {
                return writer.name(owner, RecordType.PTR, ttl, NOTHING, 0, 0, service.key(), zone.services());
            }
        }
        for (int i = 0; i < count; i++) {
            ServiceRecords service = lookup.holder(in, i);
            if (service != null && !pointers(owner, service)) {
                return false;
            }
        }
        return true;
    }

    private boolean pointers(int owner, ServiceRecords service) {
        int found = service.endpointWith(lookup.family(), lookup.high(), lookup.low(), -1);
        while (found >= 0) {
            int from = service.labelAt(found);
            int length = service.labelAt(found + 1) - from;
            if (!writer.name(
                    owner, RecordType.PTR, ttl, service.labels(), from, length, service.key(), zone.services())) {
                return false;
            }
            found = service.endpointWith(lookup.family(), lookup.high(), lookup.low(), found);
        }
        return true;
    }

    /** Writes the SOA of a negative answer. */
    boolean authority(int zoneOwner) {
        writer.section(Header.AUTHORITIES);
        return soa(zoneOwner);
    }

    /** Writes the addresses of targets, as far as they fit: nobody misses them. */
    void additionals() {
        writer.section(Header.ADDITIONALS);
        if (type == RecordType.NS && lookup.staticName() == null) {
            int owner = writer.dataOffset(0);
            if (addresses(owner, RecordType.A, server4, 0, server4.length)) {
                addresses(owner, RecordType.AAAA, server6, 0, server6.length);
            }
        }
        for (int i = 0; i < targetCount; i++) {
            ServiceRecords service = lookup.service();
            int endpoint = targets[i];
            boolean fits = endpoint < 0
                    ? addresses(targetAt[i], RecordType.A, service.addresses(4), 0, service.addresses(4).length)
                            && addresses(
                                    targetAt[i],
                                    RecordType.AAAA,
                                    service.addresses(16),
                                    0,
                                    service.addresses(16).length)
                    : additional(service, endpoint, targetAt[i]);
            if (!fits) {
                return;
            }
        }
    }

    private boolean additional(ServiceRecords service, int endpoint, int owner) {
        return addresses(
                        owner,
                        RecordType.A,
                        service.endpointAddresses(4),
                        service.addressesAt(4, endpoint),
                        service.addressesAt(4, endpoint + 1))
                && addresses(
                        owner,
                        RecordType.AAAA,
                        service.endpointAddresses(16),
                        service.addressesAt(16, endpoint),
                        service.addressesAt(16, endpoint + 1));
    }
}
