package io.podnet.iptables.sync;

import io.podnet.iptables.chain.DispatchChain;
import io.podnet.iptables.chain.DispatchRules;
import io.podnet.iptables.chain.EmitterSettings;
import io.podnet.iptables.chain.FixedChains;
import io.podnet.iptables.chain.Jump;
import io.podnet.iptables.chain.ServiceChains;
import io.podnet.iptables.restore.Flavour;
import io.podnet.iptables.restore.RuleInput;
import io.podnet.iptables.rule.ChainRules;
import io.podnet.iptables.rule.Table;
import io.podnet.services.VirtualPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Writes a change as input of iptables-restore, in the order that its flavour digests fastest.
 *
 * <p>Tables commit one by one. What refuses traffic is inserted before nat stops translating it, and deleted after nat
 * translates it again, so that no packet finds neither.
 *
 * <p>For one thread at a time.
 */
public final class RestoreText {
    /** From this many chains on, the nft tools are told to read the whole table at once. */
    private static final int MANY_CHAINS = 200;

    private final Flavour flavour;
    private final FixedChains fixedChains;
    private final ServiceChains serviceChains;
    private final DispatchRules dispatch;
    private volatile boolean accelerates = true;

    /**
     * Prepares texts.
     *
     * @param settings what rules depend on besides services
     * @param flavour who reads them
     */
    public RestoreText(EmitterSettings settings, Flavour flavour) {
        this.flavour = flavour;
        fixedChains = new FixedChains(settings);
        serviceChains = new ServiceChains(settings);
        dispatch = new DispatchRules(settings);
    }

    /**
     * Makes the input for a change.
     *
     * @param change what to write
     * @return the input, to be written by one thread at a time
     */
    public RuleInput.Source source(RuleChange change) {
        return input -> {
            try {
                write(change, input);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        };
    }

    /**
     * Tells whether the input for a change relies on a command that speeds the nft tools up.
     *
     * @param change the change
     * @return true for a large change
     */
    public boolean isAccelerated(RuleChange change) {
        return accelerates && flavour == Flavour.NFT && change.chains.size() >= MANY_CHAINS;
    }

    /** Does without that command from now on. */
    public void neverAccelerate() {
        accelerates = false;
    }

    private void write(RuleChange change, RuleInput input) throws IOException {
        boolean refusesMore = change.edits.entrySet().stream()
                .anyMatch(edit -> edit.getKey().table() == Table.FILTER
                        && !edit.getValue().insertions().isEmpty());
        if (refusesMore) {
            begin(input, Table.FILTER);
            insertions(change, Table.FILTER, input);
            input.line("COMMIT");
        }
        if (change.touches(Table.NAT)) {
            nat(change, input);
        }
        if (change.touches(Table.FILTER)) {
            filter(change, input);
        }
    }

    private static void begin(RuleInput input, Table table) throws IOException {
        input.line("*", table.kernelName());
    }

    private static void declare(RuleInput input, String chain) throws IOException {
        // Naming a chain makes it, or empties it.
        input.line(":", chain, " - [0:0]");
    }

    private void nat(RuleChange change, RuleInput input) throws IOException {
        begin(input, Table.NAT);
        boolean many = isAccelerated(change);
        if (flavour == Flavour.LEGACY) {
            legacyChains(change, input);
        } else {
            nftChains(change, many, input);
        }
        insertions(change, Table.NAT, input);
        deletions(change, Table.NAT, input);
        if (!many) {
            jumps(change, Table.NAT, input);
        }
        if (flavour == Flavour.NFT) {
            for (String chain : change.stale) {
                declare(input, chain);
            }
        }
        for (String chain : change.stale) {
            input.line("-X ", chain);
        }
        input.line("COMMIT");
    }

    /** Nothing is seen before the commit, so that the order is the one that costs the tool least. */
    private void legacyChains(RuleChange change, RuleInput input) throws IOException {
        ChainWrite[] chains = ChainOrder.lastFirst(change.chains);
        List<String> others = otherChains(change);
        int next = 0;
        for (ChainWrite chain : chains) {
            while (next < others.size() && others.get(next).compareTo(chain.name()) > 0) {
                declare(input, others.get(next++));
            }
            declare(input, chain.name());
        }
        for (String other : others.subList(next, others.size())) {
            declare(input, other);
        }
        for (ChainRules chain : change.fixed) {
            if (chain.table() == Table.NAT) {
                rules(chain, input);
            }
        }
        for (ChainWrite chain : chains) {
            rules(change, chain, input);
        }
        for (DispatchChain chain : change.rewritten) {
            if (chain.table() == Table.NAT) {
                rules(change, chain, input);
            }
        }
    }

    private static List<String> otherChains(RuleChange change) {
        Set<String> names = new TreeSet<>(Comparator.reverseOrder());
        change.fixed.stream().filter(chain -> chain.table() == Table.NAT).forEach(chain -> names.add(chain.name()));
        Stream.of(change.missing, change.rewritten)
                .flatMap(Set::stream)
                .filter(chain -> chain.table() == Table.NAT)
                .forEach(chain -> names.add(chain.chain()));
        names.addAll(change.stale);
        return List.copyOf(names);
    }

    private void nftChains(RuleChange change, boolean many, RuleInput input) throws IOException {
        for (DispatchChain chain : change.missing) {
            if (chain.table() == Table.NAT) {
                declare(input, chain.chain());
            }
        }
        fixed(change, Table.NAT, input);
        if (many) {
            jumps(change, Table.NAT, input);
            input.line("COMMIT");
            begin(input, Table.NAT);
            // A command for all chains makes iptables-nft read the table once. Otherwise it asks for each chain that a
            // line names, from a list that it searches from the start: quadratic, over a minute for 50 000 chains.
            input.line("-S");
        }
        // Each chain after those that it jumps to; and the chain that was named last is the one that is found first.
        for (ChainWrite chain : change.chains) {
            declare(input, chain.name());
            rules(change, chain, input);
        }
        rewritten(change, Table.NAT, input);
    }

    private void filter(RuleChange change, RuleInput input) throws IOException {
        boolean more = change.fixed.stream().anyMatch(chain -> chain.table() == Table.FILTER)
                || change.rewritten.stream().anyMatch(chain -> chain.table() == Table.FILTER)
                || change.edits.entrySet().stream()
                        .anyMatch(edit -> edit.getKey().table() == Table.FILTER
                                && !edit.getValue().deletions().isEmpty())
                || change.lostJumps.stream().anyMatch(jump -> jump.table() == Table.FILTER)
                || change.newJumps.stream().anyMatch(jump -> jump.table() == Table.FILTER);
        if (!more) {
            return;
        }
        begin(input, Table.FILTER);
        fixed(change, Table.FILTER, input);
        rewritten(change, Table.FILTER, input);
        deletions(change, Table.FILTER, input);
        jumps(change, Table.FILTER, input);
        input.line("COMMIT");
    }

    private void fixed(RuleChange change, Table table, RuleInput input) throws IOException {
        for (ChainRules chain : change.fixed) {
            if (chain.table() == table) {
                declare(input, chain.name());
                rules(chain, input);
            }
        }
    }

    private static void rules(ChainRules chain, RuleInput input) throws IOException {
        for (String rule : chain.rules()) {
            append(input, chain.name(), rule);
        }
    }

    private static void append(RuleInput input, String chain, CharSequence rule) throws IOException {
        input.line("-A ", chain, " ", rule);
    }

    private void rules(RuleChange change, ChainWrite chain, RuleInput input) {
        serviceChains.rules(chain.port(), chain.kind(), chain.endpoint(), change.bare, rule -> {
            try {
                append(input, chain.name(), rule);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void rewritten(RuleChange change, Table table, RuleInput input) throws IOException {
        for (DispatchChain chain : change.rewritten) {
            if (chain.table() == table) {
                declare(input, chain.chain());
            }
        }
        for (DispatchChain chain : change.rewritten) {
            if (chain.table() == table) {
                rules(change, chain, input);
            }
        }
    }

    private void rules(RuleChange change, DispatchChain chain, RuleInput input) throws IOException {
        for (int group = 0; group < chain.groups(); group++) {
            for (VirtualPort port : change.desired) {
                for (String rule : dispatch.rules(port, chain, group)) {
                    append(input, chain.chain(), rule);
                }
            }
        }
        for (String rule : fixedChains.tail(chain)) {
            append(input, chain.chain(), rule);
        }
    }

    private static void insertions(RuleChange change, Table table, RuleInput input) throws IOException {
        for (DispatchChain chain : DispatchChain.values()) {
            DispatchEdit edit = change.edits.get(chain);
            if (edit != null && chain.table() == table) {
                for (DispatchEdit.Insertion insertion : edit.insertions()) {
                    input.line("-I ", chain.chain(), " ", Integer.toString(insertion.index()), " ", insertion.rule());
                }
            }
        }
    }

    private static void deletions(RuleChange change, Table table, RuleInput input) throws IOException {
        for (DispatchChain chain : DispatchChain.values()) {
            DispatchEdit edit = change.edits.get(chain);
            if (edit != null && chain.table() == table) {
                for (String rule : edit.deletions()) {
                    input.line("-D ", chain.chain(), " ", rule);
                }
            }
        }
    }

    private static void jumps(RuleChange change, Table table, RuleInput input) throws IOException {
        for (Jump jump : change.lostJumps) {
            if (jump.table() == table) {
                input.line("-D ", jump.from(), " ", jump.rule());
            }
        }
        String from = "";
        int index = 0;
        for (Jump jump : change.newJumps) {
            if (jump.table() == table) {
                index = jump.from().equals(from) ? index + 1 : 1;
                from = jump.from();
                input.line("-I ", from, " ", Integer.toString(index), " ", jump.rule());
            }
        }
    }
}
