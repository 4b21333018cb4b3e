package io.podnet.dns.index;

import io.podnet.api.PodId;

/**
 * Everything that queries are answered from at one moment. Immutable, so that a query sees one step of the desired state
 * and never half of one.
 */
public final class RecordIndex {
    final boolean complete;
    final NameTable<ServiceRecords> services;
    final NameTable<NamespaceName> namespaces;
    final NameTable<StaticName> statics;
    final AddressTree<ServiceKey> reverse4;
    final AddressTree<ServiceKey> reverse6;
    final AddressTree<PodId> pods4;
    final AddressTree<PodId> pods6;
    private final long generation;

    RecordIndex(
            long generation,
            boolean complete,
            NameTable<ServiceRecords> services,
            NameTable<NamespaceName> namespaces,
            NameTable<StaticName> statics,
            AddressTree<ServiceKey> reverse4,
            AddressTree<ServiceKey> reverse6,
            AddressTree<PodId> pods4,
            AddressTree<PodId> pods6) {
        this.generation = generation;
        this.complete = complete;
        this.services = services;
        this.namespaces = namespaces;
        this.statics = statics;
        this.reverse4 = reverse4;
        this.reverse6 = reverse6;
        this.pods4 = pods4;
        this.pods6 = pods6;
    }

    static RecordIndex empty(long generation) {
        return new RecordIndex(
                generation,
                false,
                NameTable.empty(),
                NameTable.empty(),
                NameTable.empty(),
                AddressTree.empty(),
                AddressTree.empty(),
                AddressTree.empty(),
                AddressTree.empty());
    }

    /**
     * Gives the step's number.
     *
     * @return greater than that of all indexes before; the low 32 bits are the SOA's serial
     */
    public long generation() {
        return generation;
    }

    /**
     * Tells whether the first complete picture has come.
     *
     * @return false before it: nothing can be said of the cluster's names then
     */
    public boolean complete() {
        return complete;
    }

    /** A namespace that exists. */
    static final class NamespaceName implements NameTable.Entry {
        private final byte[] label;

        NamespaceName(byte[] label) {
            this.label = label;
        }

        @Override
        public byte[] key() {
            return label;
        }

        /** Tells whether this is the namespace of that name. */
        boolean is(String name) {
            boolean same = name.length() == label[0];
            for (int i = 0; same && i < name.length(); i++) {
                same = name.charAt(i) == label[i + 1];
            }
            return same;
        }
    }
}
