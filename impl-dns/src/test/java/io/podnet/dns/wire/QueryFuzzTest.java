package io.podnet.dns.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;

/** Whatever a client sends: no exception; what is taken for a query is the same to dnsjava. */
class QueryFuzzTest {
    private final Query query = new Query();
    private final NameReader names = new NameReader();

    @FuzzTest(maxDuration = "10m")
    void anything(byte[] data) throws IOException {
        int verdict = query.read(data, data.length);
        for (int i = 12; i < Math.min(data.length, 40); i++) {
            names.read(data, i, data.length);
        }
        if (verdict != ResponseCode.NOERROR) {
            return;
        }
        Message read;
        try {
            read = new Message(data);
        } catch (IOException e) {
            // Only data of an additional record, which we do not look at, can be worse than we think.
            if ((data[11] & 0xff) == 0) {
                throw e;
            }
            return;
        }
        Name ours = new Name(query.name().copy());
        if (!ours.equals(read.getQuestion().getName())
                || query.type() != read.getQuestion().getType()
                || query.recordClass() != read.getQuestion().getDClass()) {
            throw new AssertionError(ours + " is not " + read.getQuestion());
        }
    }
}
