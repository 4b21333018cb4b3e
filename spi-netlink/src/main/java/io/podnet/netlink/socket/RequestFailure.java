package io.podnet.netlink.socket;

import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.MessageReader;

/**
 * One request of a batch that the kernel refused.
 *
 * @param index its place in the batch, from 0; -1 where the batch as a whole was refused
 * @param errno the kernel's error number, positive
 * @param error what the kernel said
 */
public record RequestFailure(int index, int errno, PodnetException error) {
    static RequestFailure of(int index, NetlinkRequest request, int errno, MessageReader answer) {
        return new RequestFailure(
                index, errno, Refusal.of(request.operation(), request.object(), errno, Refusal.textOf(answer)));
    }
}
