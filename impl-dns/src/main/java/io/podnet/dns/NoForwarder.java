package io.podnet.dns;

import io.podnet.api.PodId;
import io.podnet.dns.server.Forwarder;
import io.podnet.dns.server.QueryContext;
import io.podnet.dns.server.ReplySink;
import io.podnet.dns.wire.ResponseCode;

/** Resolves nothing outside: a network without upstream servers. */
final class NoForwarder implements Forwarder {
    @Override
    public void forward(QueryContext query, ReplySink sink) {
        sink.fail(ResponseCode.REFUSED);
    }

    @Override
    public void complete(QueryContext query, byte[] negative, ReplySink sink) {
        sink.fail(ResponseCode.REFUSED);
    }

    @Override
    public boolean completes() {
        return false;
    }

    @Override
    public boolean available() {
        return false;
    }

    @Override
    public void forgetPod(PodId pod) {
        // Nothing is known of any.
    }

    @Override
    public void close() {
        // There is nothing to end.
    }
}
