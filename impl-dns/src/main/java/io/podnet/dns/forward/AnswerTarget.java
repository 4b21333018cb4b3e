package io.podnet.dns.forward;

import io.podnet.dns.response.Image;

/** Who wanted an answer. Told once. */
interface AnswerTarget {
    /** Here it is. TTLs are to be counted down by the age, but not below the least. */
    void answer(Image image, int age, int leastTtl);

    /** There is none. */
    void fail(int rcode);

    /** There is no time for one. */
    void drop();
}
