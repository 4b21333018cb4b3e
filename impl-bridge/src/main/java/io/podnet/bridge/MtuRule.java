package io.podnet.bridge;

import io.podnet.api.PodnetException;
import java.util.stream.IntStream;

/**
 * The MTU where none is set: the smallest of the node's interfaces that carry pods' traffic further, as kubenet's {@code
 * findMinMTU} (kubenet_linux.go). kubenet fell back to 1460 when that was below 576, so that one tiny tunnel made the
 * pods' MTU larger; here it is kept as low as the families allow.
 */
final class MtuRule {
    /** What kubenet takes where no interface qualifies. */
    static final int FALLBACK = 1460;
    /** The least that every IPv4 host takes: RFC 791. */
    static final int LEAST_IPV4 = 576;
    /** The least that a link must carry for IPv6: RFC 8200 section 5. */
    static final int LEAST_IPV6 = 1280;

    private MtuRule() {}

    /**
     * Chooses.
     *
     * @param configured what the user set, 0 for nothing
     * @param candidates MTUs of interfaces that are up, not loopback, not point-to-point and not ours
     * @param ipv6 whether pods get IPv6 addresses
     * @return the MTU in bytes
     * @throws PodnetException.Invalid where the user set one that IPv6 cannot have
     */
    static int choose(int configured, IntStream candidates, boolean ipv6) {
        if (configured != 0) {
            if (ipv6 && configured < LEAST_IPV6) {
                throw new PodnetException.Invalid(
                        "MTU " + configured + " is too small for pods with IPv6, whose links" + " carry at least "
                                + LEAST_IPV6 + " bytes (RFC 8200); choose a larger one, or an IPv4 pod CIDR only");
            }
            return configured;
        }
        return Math.max(candidates.min().orElse(FALLBACK), ipv6 ? LEAST_IPV6 : LEAST_IPV4);
    }
}
