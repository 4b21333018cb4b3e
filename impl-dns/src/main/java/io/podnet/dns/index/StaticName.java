package io.podnet.dns.index;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A name with records of the host's own; without records it is an empty non-terminal. Immutable. */
public final class StaticName implements NameTable.Entry {
    private final byte[] name;
    private final List<Data> records;
    private final @Nullable StaticName wildcard;

    StaticName(byte[] name, List<Data> records, @Nullable StaticName wildcard) {
        this.name = name;
        this.records = List.copyOf(records);
        this.wildcard = wildcard;
    }

    /**
     * One record's type, time and data.
     *
     * @param type its type
     * @param ttl seconds
     * @param octets its data as a message has it, names not shortened; not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    public record Data(int type, int ttl, byte[] octets) {}

    /** What stands for all names below this one that do not exist (RFC 4592); null where nothing does. */
    @Nullable
    StaticName wildcard() {
        return wildcard;
    }

    @Override
    public byte[] key() {
        return name;
    }

    /**
     * Gives the records.
     *
     * @return all records of the name
     */
    public List<Data> records() {
        return records;
    }

    /**
     * Tells whether there are records of a type.
     *
     * @param type a record type
     * @return true where there are
     */
    public boolean has(int type) {
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i).type() == type) {
                return true;
            }
        }
        return false;
    }
}
