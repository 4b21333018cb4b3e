package io.podnet.dns.index;

import io.podnet.api.PodnetException;
import io.podnet.dns.wire.DataText;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.WireName;
import io.podnet.spi.NameResolver.StaticRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes a table of names of all records of the host's own, with the empty non-terminals above them. */
final class StaticRecords {
    private static final byte[] ASTERISK = {1, '*'};
    private static final byte[] ARPA = WireName.of("arpa");

    private final Zone zone;

    StaticRecords(Zone zone) {
        this.zone = zone;
    }

    /** Gives the table; refuses all where one is wrong. */
    NameTable<StaticName> table(Collection<StaticRecord> records) {
        Map<byte[], List<StaticName.Data>> byName = new TreeMap<>(Arrays::compare);
        for (StaticRecord record : records) {
            byte[] name = WireName.of(record.name());
            if (isWildcard(name) && (isAtOrBelow(name, zone.domain()) || isAtOrBelow(name, ARPA))) {
                throw new PodnetException.Invalid(
                        record.name() + " is a wildcard in the cluster's domain or a reverse zone;"
                                + " it would capture the names that search lists make");
            }
            int type = type(record);
            add(
                    record,
                    byName.computeIfAbsent(name, none -> new ArrayList<>()),
                    new StaticName.Data(type, ttl(record), DataText.parse(type, record.data())));
        }
        for (byte[] name : List.copyOf(byName.keySet())) {
            for (int at = name[0] + 1; at < name.length - 1; at += name[at] + 1) {
                byName.putIfAbsent(Arrays.copyOfRange(name, at, name.length), List.of());
            }
        }
        List<StaticName> names = new ArrayList<>();
        byName.forEach((name, all) -> names.add(new StaticName(name, all, wildcard(byName, name))));
        return NameTable.<StaticName>empty().change(names, List.of());
    }

    private static boolean isWildcard(byte[] name) {
        return name.length > 2 && Arrays.equals(name, 0, 2, ASTERISK, 0, 2);
    }

    private static boolean isAtOrBelow(byte[] name, byte[] domain) {
        int from = name.length - domain.length;
        return from >= 0 && Arrays.equals(name, from, name.length, domain, 0, domain.length);
    }

    private static @Nullable StaticName wildcard(Map<byte[], List<StaticName.Data>> byName, byte[] name) {
        byte[] child = new byte[2 + name.length];
        System.arraycopy(ASTERISK, 0, child, 0, 2);
        System.arraycopy(name, 0, child, 2, name.length);
        List<StaticName.Data> records = byName.get(child);
        return records == null ? null : new StaticName(child, records, null);
    }

    private static void add(StaticRecord record, List<StaticName.Data> all, StaticName.Data added) {
        for (StaticName.Data other : all) {
            if (other.type() == RecordType.CNAME || added.type() == RecordType.CNAME) {
                throw new PodnetException.Invalid(
                        record.name() + " has a CNAME and other records; an alias has nothing beside it (RFC 1034)");
            }
            if (other.type() == added.type() && other.ttl() != added.ttl()) {
                throw new PodnetException.Invalid(record.name() + " has records of type " + record.type()
                        + " with different TTLs; those of one name and type have the same (RFC 2181 section 5.2)");
            }
            if (other.type() == added.type() && Arrays.equals(other.octets(), added.octets())) {
                return;
            }
        }
        all.add(added);
    }

    private static int type(StaticRecord record) {
        int type = RecordType.number(record.type());
        if (type < 0 || RecordType.isMeta(type)) {
            throw new PodnetException.Invalid("'" + record.type() + "' of " + record.name() + " is no type of records");
        }
        return type;
    }

    private static int ttl(StaticRecord record) {
        if (record.ttl() < 0 || record.ttl() > Integer.MAX_VALUE) {
            throw new PodnetException.Invalid("TTL " + record.ttl() + " of " + record.name() + " is not in 0..2^31-1");
        }
        return (int) record.ttl();
    }
}
