package io.podnet.dns.index;

import io.podnet.api.PodnetException;
import io.podnet.dns.wire.DataText;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.WireName;
import io.podnet.spi.NameResolver.StaticRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts records of the host's own into a table of names: later ones replace earlier ones of the same name and type. */
final class StaticRecords {
    private final Zone zone;

    StaticRecords(Zone zone) {
        this.zone = zone;
    }

    /** Gives the table with these records; refuses all where one is wrong. */
    NameTable<StaticName> put(NameTable<StaticName> before, List<StaticRecord> records) {
        Map<byte[], Map<Integer, List<StaticName.Data>>> byName = new TreeMap<>(Arrays::compare);
        for (StaticRecord record : records) {
            if (record.name().startsWith("*.")) {
                throw new PodnetException.Invalid(record.name() + " is a wildcard; those are not served");
            }
            byName.computeIfAbsent(WireName.of(record.name()), none -> new LinkedHashMap<>())
                    .computeIfAbsent(type(record), none -> new ArrayList<>())
                    .add(new StaticName.Data(type(record), ttl(record), DataText.parse(type(record), record.data())));
        }
        Map<byte[], StaticName> put = new TreeMap<>(Arrays::compare);
        byName.forEach((name, byType) -> {
            List<StaticName.Data> all = new ArrayList<>();
            StaticName earlier = before.get(name);
            if (earlier != null) {
                earlier.records().stream()
                        .filter(record -> !byType.containsKey(record.type()))
                        .forEach(all::add);
            }
            byType.values().forEach(all::addAll);
            refuseAliasesWithCompany(name, all);
            put.put(name, new StaticName(name, all));
            addNonTerminals(name, before, put);
        });
        return before.change(put.values(), List.of());
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

    private static void refuseAliasesWithCompany(byte[] name, List<StaticName.Data> all) {
        boolean alias = all.stream().anyMatch(record -> record.type() == RecordType.CNAME);
        if (alias && all.size() > 1) {
            throw new PodnetException.Invalid(WireName.text(name, 0)
                    + " has a CNAME and other records; an alias has nothing beside it (RFC 1034)");
        }
    }

    /** Names between a record in the cluster's domain and the domain exist too. */
    private void addNonTerminals(byte[] name, NameTable<StaticName> before, Map<byte[], StaticName> put) {
        byte[] domain = zone.domain();
        int at = name[0] + 1;
        while (name.length - at > domain.length
                && Arrays.equals(name, name.length - domain.length, name.length, domain, 0, domain.length)) {
            byte[] above = Arrays.copyOfRange(name, at, name.length);
            if (before.get(above) == null) {
                put.putIfAbsent(above, new StaticName(above, List.of()));
            }
            at += name[at] + 1;
        }
    }
}
