package io.podnet.netlink.codec;

import io.podnet.api.PodnetException;

/** The bound that nla_len's 16 bits set. */
final class AttributeLength {
    private static final int LARGEST = 0xffff;

    private AttributeLength() {}

    static void check(int length) {
        if (length > LARGEST) {
            throw new PodnetException.LimitReached("a netlink attribute of " + length
                    + " bytes; its length field holds at most " + LARGEST
                    + ", so the list must be split over several messages");
        }
    }
}
