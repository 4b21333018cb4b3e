package io.podnet.etcd;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Gives each single call a deadline that the transport knows: a write that nobody waits for any more must not be sent minutes
 * later, when the connection is back.
 *
 * @param timeout from the sending
 */
record Deadlines(Duration timeout) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        CallOptions bounded = method.getType() == MethodDescriptor.MethodType.UNARY
                ? options.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                : options;
        return next.newCall(method, bounded);
    }
}
