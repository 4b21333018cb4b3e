package io.podnet.dns.answer;

import io.podnet.dns.index.Lookup;
import io.podnet.dns.index.PodNames;
import io.podnet.dns.index.RecordIndex;
import io.podnet.dns.index.Zone;
import io.podnet.dns.wire.ExtendedError;
import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.MessageWriter;
import io.podnet.dns.wire.NameReader;
import io.podnet.dns.wire.Query;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseCode;
import org.jspecify.annotations.Nullable;

/**
 * Answers queries from the index (RFC 1034 section 4.3.2, RFC 2308, RFC 6604, RFC 8020, RFC 8482, RFC 8906), without
 * garbage. Reused; for one thread at a time.
 */
public final class Responder {
    /** There is nothing to send: the octets are no query. */
    public static final int DROP = 0;
    /** The name is not ours. */
    public static final int FORWARD = -1;
    /** The answer begins with aliases, and the last one's target is not ours. */
    public static final int CHASE = -2;

    /** A chain of aliases that is longer than this is a loop. */
    private static final int MOST_ALIASES = 8;

    private final ServerSettings settings;
    private final Lookup lookup;
    private final Query query = new Query();
    private final MessageWriter writer = new MessageWriter();
    private final RecordSets records;
    private final NameReader alias = new NameReader();
    private int code;
    private int aliasOwner;
    private boolean recursion;

    /**
     * Prepares.
     *
     * @param zone the zones
     * @param podNames which names of pods exist
     * @param settings what the server says of itself
     */
    public Responder(Zone zone, PodNames podNames, ServerSettings settings) {
        this.settings = settings;
        this.lookup = new Lookup(zone, podNames);
        this.records = new RecordSets(zone, settings, lookup, writer);
    }

    /**
     * Answers a query.
     *
     * @param index what to answer from
     * @param message the query's octets from offset 0
     * @param length how many count
     * @param stream true where it came over TCP
     * @param ttl seconds that the answer may be kept
     * @param resolves whether names outside are resolved for this client: the RA bit
     * @param into where to write; at least 65535 octets for a stream, at least the settings' payload size otherwise
     * @return the answer's octets, {@link #DROP}, {@link #FORWARD} or {@link #CHASE}
     */
    public int respond(
            RecordIndex index, byte[] message, int length, boolean stream, int ttl, boolean resolves, byte[] into) {
        recursion = resolves;
        int verdict = query.read(message, length);
        code = verdict;
        if (verdict == Query.DROP) {
            return DROP;
        }
        start(message, stream, into);
        if (verdict != ResponseCode.NOERROR) {
            return finish(0, verdict);
        }
        if (query.recordClass() != RecordType.CLASS_IN) {
            return finish(0, ResponseCode.REFUSED, ExtendedError.NOT_SUPPORTED);
        }
        if (RecordType.isMeta(query.type()) && query.type() != RecordType.ANY) {
            return finish(0, refusal(query.type()), ExtendedError.NOT_SUPPORTED);
        }
        Lookup.Kind kind = lookup.find(index, query.name());
        if (kind == Lookup.Kind.NOT_OURS) {
            if ((query.flags() & Header.RD) == 0) {
                // A client asks what is known here, and that is nothing.
                return finish(0, ResponseCode.REFUSED, ExtendedError.NOT_AUTHORITATIVE);
            }
            return recursion ? FORWARD : finish(0, ResponseCode.REFUSED, ExtendedError.PROHIBITED);
        }
        records.begin(index, query.type(), ttl);
        return answer(index, kind);
    }

    private void start(byte[] message, boolean stream, byte[] into) {
        int size = stream ? 0xffff : Math.min(query.payloadSize(), settings.payloadSize());
        writer.start(message, query, into, size);
    }

    private static int refusal(int type) {
        return switch (type) {
            case RecordType.AXFR, RecordType.IXFR, RecordType.TKEY, RecordType.TSIG -> ResponseCode.REFUSED;
            // 128 is NXNAME of RFC 9824 section 3.5.
            case RecordType.OPT, 0, 128 -> ResponseCode.FORMERR;
            default -> ResponseCode.NOTIMP;
        };
    }

    private int answer(RecordIndex index, Lookup.Kind first) {
        Lookup.Kind kind = first;
        int owner = MessageWriter.QUESTION_NAME;
        int zoneOwner = MessageWriter.QUESTION_NAME + query.name().start(lookup.zoneLabel());
        for (int aliases = 0; aliases <= MOST_ALIASES; aliases++) {
            if (kind == Lookup.Kind.UNKNOWN) {
                return finish(0, ResponseCode.SERVFAIL, ExtendedError.NOT_READY);
            }
            byte[] target = records.alias(kind);
            if (target == null || query.type() == RecordType.CNAME) {
                return end(kind, owner, zoneOwner, target);
            }
            if (!writer.name(owner, RecordType.CNAME, records.aliasTtl(), target)
                    || !alias.read(target, 0, target.length)) {
                return finish(Header.AA | Header.TC, ResponseCode.NOERROR);
            }
            if (query.type() == RecordType.ANY) {
                return finish(Header.AA, ResponseCode.NOERROR);
            }
            owner = writer.dataOffset(0);
            kind = lookup.find(index, alias);
            if (kind == Lookup.Kind.NOT_OURS) {
                aliasOwner = owner;
                return recursion && (query.flags() & Header.RD) != 0 ? CHASE : finish(Header.AA, ResponseCode.NOERROR);
            }
            zoneOwner = writer.dataOffset(alias.start(lookup.zoneLabel()));
        }
        return finish(Header.AA, ResponseCode.SERVFAIL);
    }

    private int end(Lookup.Kind kind, int owner, int zoneOwner, byte @Nullable [] target) {
        int before = writer.count(Header.ANSWERS);
        boolean whole = target == null
                ? records.write(kind, owner)
                : writer.name(owner, RecordType.CNAME, records.aliasTtl(), target);
        if (!whole) {
            return finish(Header.AA | Header.TC, ResponseCode.NOERROR);
        }
        boolean missing = kind == Lookup.Kind.MISSING;
        if (missing || writer.count(Header.ANSWERS) == before) {
            if (!records.authority(zoneOwner)) {
                return finish(Header.AA | Header.TC, missing ? ResponseCode.NXDOMAIN : ResponseCode.NOERROR);
            }
        } else {
            records.additionals();
        }
        return finish(Header.AA, missing ? ResponseCode.NXDOMAIN : ResponseCode.NOERROR);
    }

    private int finish(int flags, int responseCode) {
        return finish(flags, responseCode, ExtendedError.NONE);
    }

    private int finish(int flags, int responseCode, ExtendedError why) {
        code = responseCode;
        return writer.finish(recursion ? flags | Header.RA : flags, responseCode, settings.payloadSize(), why);
    }

    /**
     * Gives what was read of the last query.
     *
     * @return the query
     */
    public Query query() {
        return query;
    }

    /**
     * Gives the last answer's code.
     *
     * @return a response code
     */
    public int code() {
        return code;
    }

    /**
     * Gives the name that the last {@link #CHASE} leads to.
     *
     * @return the reader, small letters
     */
    public NameReader chased() {
        return alias;
    }

    /**
     * Gives where in the last {@link #CHASE}'s answer that name stands.
     *
     * @return an offset
     */
    public int chasedOffset() {
        return aliasOwner;
    }

    /**
     * Gives the octets that the last {@link #CHASE} has already.
     *
     * @return how many of the array count
     */
    public int begun() {
        return writer.position();
    }

    /**
     * Counts the records that the last {@link #CHASE} has already.
     *
     * @return at least 1
     */
    public int begunAnswers() {
        return writer.count(Header.ANSWERS);
    }
}
