package io.podnet.dns.response;

/**
 * Writes the reply to a client from an {@link Image}: the client's own question bytes and id, TTLs counted down, an OPT
 * record where the client has one, cut with TC where it is too long. Stateless and safe for any thread.
 */
public final class ReplyWriter {
    private static final int OPT_LENGTH = 11;
    private static final int ERROR_OPTION = 6;
    private static final int COPIED_FLAGS = MessageHeader.RD | MessageHeader.CD;

    private ReplyWriter() {}

    /**
     * Writes a reply.
     *
     * @param image the answer
     * @param question the client's question, the same as the image's up to case; for NXDOMAIN of any type
     * @param shape what the client's query says
     * @param age seconds to take from all TTLs, which do not go below {@code leastTtl}
     * @param leastTtl seconds, 0 or more
     * @param available whether this client may have names forwarded (RA)
     * @param error what to say besides
     * @return the message, no longer than the shape allows
     */
    public static byte[] write(
            Image image,
            Question question,
            ReplyShape shape,
            int age,
            int leastTtl,
            boolean available,
            ExtendedError error) {
        int tail = shape.edns() ? OPT_LENGTH + (error == ExtendedError.NONE ? 0 : ERROR_OPTION) : 0;
        int kept = fitting(image, shape.sizeLimit() - tail);
        int end = kept == 0 ? image.firstRecord() : image.endOf(kept - 1);
        byte[] reply = new byte[end + tail];
        image.copyTo(reply, image.firstRecord(), end);
        int flags = MessageHeader.QR
                | (shape.flags() & COPIED_FLAGS)
                | (available ? MessageHeader.RA : 0)
                | (kept < image.records() ? MessageHeader.TC : 0)
                | image.rcode();
        int answers = Math.min(kept, image.answers());
        MessageHeader.put(reply, shape.id(), flags, 1, answers, kept - answers, shape.edns() ? 1 : 0);
        question.copyTo(reply, MessageHeader.LENGTH);
        for (int i = 0; i < kept; i++) {
            WireNames.put32(reply, image.ttlOffset(i), Math.max(leastTtl, image.ttlOf(i) - age));
        }
        if (shape.edns()) {
            options(reply, end, shape, error);
        }
        return reply;
    }

    /** How many records fit; lists of addresses and services may be cut inside (TC says so), other sets not. */
    private static int fitting(Image image, int room) {
        int kept = image.records();
        while (kept > 0 && image.endOf(kept - 1) > room) {
            kept--;
        }
        if (kept == image.records() || kept == 0) {
            return kept;
        }
        int type = image.typeOf(kept);
        if (type == RecordType.A || type == RecordType.AAAA || type == RecordType.SRV) {
            return kept;
        }
        while (kept > 0 && image.typeOf(kept - 1) == type) {
            kept--;
        }
        return kept;
    }

    private static void options(byte[] reply, int at, ReplyShape shape, ExtendedError error) {
        WireNames.put16(reply, at + 1, RecordType.OPT);
        WireNames.put16(reply, at + 3, ReplyShape.OUR_SIZE);
        WireNames.put16(reply, at + 7, shape.dnssec() ? 0x8000 : 0);
        if (error != ExtendedError.NONE) {
            WireNames.put16(reply, at + 9, ERROR_OPTION);
            WireNames.put16(reply, at + 11, 15);
            WireNames.put16(reply, at + 13, 2);
            WireNames.put16(reply, at + 15, error.code());
        }
    }
}
