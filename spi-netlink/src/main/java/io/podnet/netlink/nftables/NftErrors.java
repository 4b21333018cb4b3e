package io.podnet.netlink.nftables;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.socket.NetlinkRequest;
import io.podnet.netlink.socket.RequestFailure;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells a feature that the kernel does not have from a request that it refuses, which nf_tables answers alike. */
final class NftErrors {
    private static final Pattern OFFSET = Pattern.compile("attribute at byte (\\d+)");

    private NftErrors() {}

    /**
     * Chooses the exception for a refused batch.
     *
     * @param requests the batch
     * @param failures at least one
     * @return the first failure's exception, the others suppressed in it
     */
    static PodnetException of(List<NetlinkRequest> requests, List<RequestFailure> failures) {
        RequestFailure first = failures.get(0);
        PodnetException error = of(first, first.index() < 0 ? null : requests.get(first.index()));
        failures.stream().skip(1).forEach(failure -> error.addSuppressed(failure.error()));
        return error;
    }

    private static PodnetException of(RequestFailure failure, @Nullable NetlinkRequest request) {
        PodnetException error = failure.error();
        if (request == null) {
            return failure.errno() == Errno.EOPNOTSUPP.number() ? noTables(error) : error;
        }
        boolean missing = failure.errno() == Errno.ENOENT.number() || failure.errno() == Errno.EOPNOTSUPP.number();
        if (missing && request instanceof RuleRequest rule) {
            int offset = offset(error);
            boolean expression = offset >= 0 || failure.errno() == Errno.EOPNOTSUPP.number();
            return expression ? missing("expression '" + rule.expressionAt(offset) + "'", error) : error;
        }
        if (missing && request instanceof TableRequests.ChainRequest chain) {
            return chain.chain()
                    .hook()
                    .<PodnetException>map(hook -> missing(
                            "chain type '" + hook.type().kernelName() + "' in family "
                                    + chain.table().family(),
                            error))
                    .orElse(error);
        }
        return error;
    }

    static PodnetException noTables(PodnetException cause) {
        return new PodnetException.Unsupported(
                "the kernel has no nf_tables: " + cause.getMessage()
                        + "; build or load CONFIG_NF_TABLES (module nf_tables)",
                cause);
    }

    private static PodnetException missing(String what, PodnetException cause) {
        return new PodnetException.Unsupported(
                "the kernel lacks the nf_tables " + what + ": " + cause.getMessage()
                        + "; build or load its CONFIG_NFT_* option, or look whether a set or chain that the rule names"
                        + " is absent",
                cause);
    }

    private static int offset(PodnetException error) {
        Matcher matcher = OFFSET.matcher(error.getMessage());
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
    }
}
