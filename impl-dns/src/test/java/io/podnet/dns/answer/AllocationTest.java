package io.podnet.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.podnet.dns.Shop;
import io.podnet.dns.index.IndexModel;
import io.podnet.dns.index.PodNames;
import io.podnet.dns.index.Zone;
import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.WireName;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An answer from the index, and a refusal of hostile octets, cost no garbage. */
class AllocationTest {
    private final Zone zone = new Zone(
            "cluster.local",
            5,
            List.of(io.podnet.api.Cidr.parse("10.96.0.0/12"), io.podnet.api.Cidr.parse("fd00:96::/112")));
    private final IndexModel model = new IndexModel(zone, Set.of(), 1);
    private final Responder responder = new Responder(zone, PodNames.VERIFIED, new ServerSettings(List.of(), 1232));
    private final byte[] answer = new byte[0x10000];

    static byte[] query(String name, int type) {
        byte[] wire = WireName.of(name);
        byte[] query = new byte[Header.LENGTH + wire.length + 4 + 11];
        Octets.put16(query, Header.FLAGS, Header.RD);
        Octets.put16(query, Header.QUESTIONS, 1);
        Octets.put16(query, Header.ADDITIONALS, 1);
        System.arraycopy(wire, 0, query, Header.LENGTH, wire.length);
        int at = Header.LENGTH + wire.length;
        Octets.put16(query, at, type);
        Octets.put16(query, at + 2, RecordType.CLASS_IN);
        Octets.put16(query, at + 5, RecordType.OPT);
        Octets.put16(query, at + 7, 1232);
        return query;
    }

    @Test
    void noQueryLeavesGarbage() {
        model.apply(Shop.example());
        List<byte[]> queries = List.of(
                query("api.shop.svc.cluster.local", RecordType.A),
                query("db.shop.svc.cluster.local", RecordType.AAAA),
                query("db-0.db.shop.svc.cluster.local", RecordType.A),
                query("_pg._tcp.db.shop.svc.cluster.local", RecordType.SRV),
                query("www.example.com.shop.svc.cluster.local", RecordType.A),
                query("inner.shop.svc.cluster.local", RecordType.A),
                query("10-0-1-5.shop.pod.cluster.local", RecordType.A),
                query("fd00-10--5.shop.pod.cluster.local", RecordType.AAAA),
                query("4.7.96.10.in-addr.arpa", RecordType.PTR),
                query("cluster.local", RecordType.SOA),
                query("www.example.com", RecordType.A),
                hostile(0xffff, 0, 0, 0),
                hostile(1, 0xffff, 0xffff, 0xffff),
                hostile(1, 0, 0, 0));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        for (int i = 0; i < 20_000; i++) {
            ask(queries);
        }
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 1_000; i++) {
            ask(queries);
        }
        long after = threads.getThreadAllocatedBytes(thread);
        // The question itself costs a little the first time; 14 000 queries would cost at least 16 bytes each.
        assertThat(after - before).isLessThan(1_000);
    }

    private void ask(List<byte[]> queries) {
        for (int i = 0; i < queries.size(); i++) {
            byte[] query = queries.get(i);
            responder.respond(model.index(), query, query.length, false, 5, true, answer);
        }
    }

    private static byte[] hostile(int questions, int answers, int authorities, int additionals) {
        byte[] query = new byte[Header.LENGTH];
        Octets.put16(query, Header.QUESTIONS, questions);
        Octets.put16(query, Header.ANSWERS, answers);
        Octets.put16(query, Header.AUTHORITIES, authorities);
        Octets.put16(query, Header.ADDITIONALS, additionals);
        return query;
    }
}
