package io.podnet.dns.forward;

import io.podnet.dns.response.Image;
import io.podnet.dns.wire.ExtendedError;

/** Who wanted an answer. Told once. */
interface AnswerTarget {
    /** Here it is. TTLs are to be counted down by the age, but not below the least. */
    void answer(Image image, int age, int leastTtl, ExtendedError why);

    /** There is none. */
    void fail(int rcode, ExtendedError why);

    /** There is no time for one. */
    void drop();
}
