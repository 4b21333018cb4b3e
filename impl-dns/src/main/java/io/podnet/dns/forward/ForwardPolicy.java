package io.podnet.dns.forward;

import io.podnet.api.PodId;
import io.podnet.dns.response.DomainName;
import java.util.Optional;

/**
 * Decides who may ask for what. It is asked with the name that is about to be resolved, after any completion, and before
 * a kept answer is given too (CVE-2026-26017). Calls come from serving threads and must not block.
 */
@FunctionalInterface
public interface ForwardPolicy {
    /** Everybody may ask for everything. */
    ForwardPolicy ALLOW_ALL = (pod, name, type) -> true;

    /**
     * Decides.
     *
     * @param pod who asks; empty where it is not a pod
     * @param name the final name
     * @param type the record type
     * @return false to refuse
     */
    boolean allows(Optional<PodId> pod, DomainName name, int type);
}
