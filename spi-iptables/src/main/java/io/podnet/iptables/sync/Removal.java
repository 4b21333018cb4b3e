package io.podnet.iptables.sync;

import io.podnet.iptables.chain.Jump;
import io.podnet.iptables.restore.RuleInput;
import io.podnet.iptables.rule.Table;
import java.util.List;

/** Writes the end of everything that is ours. */
public final class Removal {
    private Removal() {}

    /**
     * Makes the input that removes all our chains and what leads to them.
     *
     * @param image what the kernel has of ours
     * @return the input
     */
    public static RuleInput.Source source(KernelImage image) {
        return input -> {
            for (Table table : List.of(Table.NAT, Table.FILTER)) {
                List<String> chains = image.chains(table).stream().sorted().toList();
                List<Jump> jumps = image.jumps().stream()
                        .filter(jump -> jump.table() == table)
                        .toList();
                if (chains.isEmpty() && jumps.isEmpty()) {
                    continue;
                }
                input.line("*", table.kernelName());
                for (String chain : chains) {
                    input.line(":", chain, " - [0:0]");
                }
                for (Jump jump : jumps) {
                    input.line("-D ", jump.from(), " ", jump.rule());
                }
                for (String chain : chains) {
                    input.line("-X ", chain);
                }
                input.line("COMMIT");
            }
        };
    }
}
