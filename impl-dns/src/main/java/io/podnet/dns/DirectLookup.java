package io.podnet.dns;

import io.podnet.api.PodnetException;
import io.podnet.dns.server.DirectQuery;
import io.podnet.dns.server.LocalAnswers;
import io.podnet.dns.server.PodView;
import io.podnet.dns.server.Serving;
import io.podnet.dns.wire.DataText;
import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseCode;
import io.podnet.dns.wire.ResponseWalker;
import io.podnet.dns.wire.WireName;
import io.podnet.spi.NameResolver.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Look-ups without packets: the same path as a query over TCP. Safe for any thread. */
final class DirectLookup {
    private final DirectQuery queries;
    private final LocalAnswers local;

    /** Prepares to ask as a pod does, or as nobody in particular. */
    DirectLookup(Serving serving, Optional<PodView> pod, LocalAnswers local) {
        this.queries = new DirectQuery(serving, pod);
        this.local = local;
    }

    /** Tells whether the index has records of a name, of whatever type. */
    boolean exists(String name) {
        byte[] query = query(name, RecordType.ANY);
        byte[] answer = new byte[0x10000];
        return local.answer(query, query.length, answer) != LocalAnswers.NOT_OURS
                && (Header.flags(answer) & Header.RCODE) == ResponseCode.NOERROR
                && Header.count(answer, Header.ANSWERS) > 0;
    }

    Answer lookup(String name, String type) {
        int number = RecordType.number(type);
        if (number < 0) {
            throw new PodnetException.Invalid("'" + type + "' is no type of records");
        }
        byte[] answer = queries.ask(query(name, number));
        List<String> records = new ArrayList<>();
        ResponseWalker walker = new ResponseWalker();
        if (walker.start(answer, answer.length)) {
            while (walker.next() && walker.section() == Header.ANSWERS) {
                records.add(WireName.text(walker.owner().bytes(), 0) + " " + walker.ttl() + " IN "
                        + RecordType.mnemonic(walker.type()) + " " + DataText.format(answer, walker));
            }
        }
        return new Answer(ResponseCode.mnemonic(Header.flags(answer) & Header.RCODE), records);
    }

    private static byte[] query(String name, int type) {
        byte[] wire = WireName.of(name);
        byte[] query = new byte[Header.LENGTH + wire.length + 4];
        Octets.put16(query, Header.FLAGS, Header.RD);
        Octets.put16(query, Header.QUESTIONS, 1);
        System.arraycopy(wire, 0, query, Header.LENGTH, wire.length);
        Octets.put16(query, query.length - 4, type);
        Octets.put16(query, query.length - 2, RecordType.CLASS_IN);
        return query;
    }
}
