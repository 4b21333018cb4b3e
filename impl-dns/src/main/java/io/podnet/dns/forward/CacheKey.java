package io.podnet.dns.forward;

import io.podnet.dns.response.DomainName;
import io.podnet.dns.upstream.UpstreamGroup;

/**
 * What makes two questions the same: also the servers, since they may know different names, and the DO and CD bits, since
 * an answer to one is none to the other (CVE-2024-0874).
 *
 * @param group the servers
 * @param name the name
 * @param type the record type; {@link #NAME_ERROR} for what is said of all types at once
 * @param dnssec the DO bit
 * @param checkingDisabled the CD bit
 */
record CacheKey(UpstreamGroup group, DomainName name, int type, boolean dnssec, boolean checkingDisabled) {
    /** The type of an entry that says that the name does not exist (RFC 2308 section 5). */
    static final int NAME_ERROR = 0;

    CacheKey ofAllTypes() {
        return new CacheKey(group, name, NAME_ERROR, dnssec, checkingDisabled);
    }

    int weight() {
        return name.length();
    }
}
