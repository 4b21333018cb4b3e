package io.podnet.dns.forward;

import io.podnet.dns.server.ReplySink;
import io.podnet.dns.wire.ExtendedError;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** A client that keeps its answer, and counts. */
public final class RecordingSink implements ReplySink {
    private volatile byte[] reply;
    private volatile int code = -1;
    private volatile boolean dropped;
    private volatile ExtendedError why = ExtendedError.NONE;
    private int calls;

    @Override
    public synchronized void reply(byte[] message, int length, ExtendedError error) {
        calls++;
        why = error;
        reply = Arrays.copyOf(message, length);
        notifyAll();
    }

    @Override
    public synchronized void fail(int failure, ExtendedError error) {
        calls++;
        why = error;
        code = failure;
        notifyAll();
    }

    @Override
    public synchronized void drop() {
        calls++;
        dropped = true;
        notifyAll();
    }

    /** Waits for an answer, bounded. */
    public synchronized RecordingSink await() throws InterruptedException {
        for (int i = 0; i < 100 && calls == 0; i++) {
            wait(100);
        }
        return this;
    }

    public synchronized int calls() {
        return calls;
    }

    public boolean isDropped() {
        return dropped;
    }

    /** The response code, of a message or without one. */
    public int rcode() {
        if (reply == null) {
            return code;
        }
        return reply[3] & 0xf;
    }

    public ExtendedError why() {
        return why;
    }

    public byte[] bytes() {
        return reply;
    }

    public Message message() {
        try {
            return new Message(reply);
        } catch (IOException e) {
            throw new IllegalStateException("dnsjava cannot read our reply", e);
        }
    }

    public List<Record> answers() {
        return message().getSection(Section.ANSWER);
    }

    /** The answer section, a line each. */
    public List<String> answerLines() {
        return answers().stream().map(RecordingSink::line).toList();
    }

    public List<String> authorityLines() {
        return message().getSection(Section.AUTHORITY).stream()
                .map(RecordingSink::line)
                .toList();
    }

    private static String line(Record record) {
        return record.getName() + " " + record.getTTL() + " " + org.xbill.DNS.Type.string(record.getType()) + " "
                + record.rdataToString();
    }
}
