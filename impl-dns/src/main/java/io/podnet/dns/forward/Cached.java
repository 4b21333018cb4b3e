package io.podnet.dns.forward;

import io.podnet.dns.response.Image;
import org.jspecify.annotations.Nullable;

/**
 * What the cache has to a question.
 *
 * @param image the answer; null where only failures are known
 * @param age seconds since it came
 * @param fresh whether its TTL still runs
 * @param failed whether a failure is so recent that nobody is to be asked again yet (RFC 9520)
 */
record Cached(@Nullable Image image, int age, boolean fresh, boolean failed) {
    static final Cached NOTHING = new Cached(null, 0, false, false);

    /** An answer to fall back to (RFC 8767). */
    @Nullable
    Image staleImage() {
        return fresh ? null : image;
    }
}
