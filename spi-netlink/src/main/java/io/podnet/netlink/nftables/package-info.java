/**
 * nf_tables over nfnetlink, as linux/netfilter/nf_tables.h has it: {@link io.podnet.netlink.nftables.NftBatch} collects
 * changes, {@link io.podnet.netlink.nftables.Nftables} has the kernel carry them out all together or not at all, and
 * reads tables back as the same values. Encodings follow nft(8), so that {@code nft list ruleset} prints what was
 * meant. This room knows nothing of pods, bridges or what rules are for.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.netlink.nftables;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
