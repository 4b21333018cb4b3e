package io.podnet.bridge.firewall;

import io.podnet.api.Plan;
import io.podnet.netlink.nftables.Chain;
import io.podnet.netlink.nftables.NftBatch;
import io.podnet.netlink.nftables.NftSet;
import io.podnet.netlink.nftables.Nftables;
import io.podnet.netlink.nftables.Rule;
import io.podnet.netlink.nftables.SetElement;
import io.podnet.netlink.nftables.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The difference between a table as it should be and as it is, as a batch. Elements of pods are not looked at and stay,
 * unless a set or a base chain has another shape than it should: then the whole table is made anew.
 */
final class TableAdoption {
    private final Nftables nftables;
    private final TableModel model;
    private final Table table;
    private final NftBatch batch;
    private final List<Plan.Step> steps;

    private TableAdoption(Nftables nftables, TableModel model, NftBatch batch, List<Plan.Step> steps) {
        this.nftables = nftables;
        this.model = model;
        this.table = model.table();
        this.batch = batch;
        this.steps = steps;
    }

    /**
     * Compares and adds what is to be done.
     *
     * @param batch is given the changes
     * @param steps is given the changes in words
     * @return what the changes mean for pods
     */
    static NodeChange compare(
            Nftables nftables, boolean present, TableModel model, NftBatch batch, List<Plan.Step> steps) {
        return new TableAdoption(nftables, model, batch, steps).compare(present);
    }

    private NodeChange compare(boolean present) {
        if (!present) {
            step(Plan.Action.CREATE, "table", "");
            create();
            return NodeChange.CREATED;
        }
        Map<String, Chain> chains = byName(nftables.chains(table), Chain::name);
        Map<String, NftSet> sets = byName(nftables.sets(table), NftSet::name);
        if (!sameShape(model.chains(), chains, Chain::name) || !sameShape(model.sets(), sets, NftSet::name)) {
            step(Plan.Action.CHANGE, "table", "made anew: a set or chain has another type");
            batch.destroyTable(table);
            create();
            return NodeChange.REBUILT;
        }
        int before = steps.size();
        sets(sets);
        chains(chains, sets);
        return steps.size() == before ? NodeChange.UNCHANGED : NodeChange.CHANGED;
    }

    private void create() {
        batch.addTable(table, model.comment());
        model.sets().forEach(set -> {
            batch.addSet(table, set);
            batch.addElements(table, set.name(), model.fixed().getOrDefault(set.name(), List.of()));
        });
        model.chains().forEach(chain -> batch.addChain(table, chain));
        model.rules().forEach(rule -> batch.addRule(table, rule));
    }

    private static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
        return all.stream().collect(Collectors.toMap(name, Function.identity()));
    }

    /** What is missing is no other shape. */
    private static <T> boolean sameShape(List<T> wanted, Map<String, T> found, Function<T, String> name) {
        return wanted.stream()
                .allMatch(one -> found.getOrDefault(name.apply(one), one).equals(one));
    }

    private void sets(Map<String, NftSet> found) {
        for (NftSet set : model.sets()) {
            boolean missing = !found.containsKey(set.name());
            if (missing) {
                step(Plan.Action.CREATE, "set", set.name());
                batch.addSet(table, set);
            }
            List<SetElement> wanted = model.fixed().get(set.name());
            if (wanted == null) {
                continue;
            }
            List<SetElement> actual = missing ? List.of() : nftables.elements(table, set.name());
            if (!new HashSet<>(withoutLeadingEnd(actual)).equals(new HashSet<>(wanted))) {
                step(Plan.Action.CHANGE, "set", set.name());
                batch.flushSet(table, set.name());
                batch.addElements(table, set.name(), wanted);
            }
        }
    }

    /** nft puts an end at the lowest key before all ranges, which changes nothing. */
    private static List<SetElement> withoutLeadingEnd(List<SetElement> elements) {
        return elements.stream()
                .filter(element -> !element.end() || !isZero(element))
                .toList();
    }

    private static boolean isZero(SetElement element) {
        for (byte one : element.key().bytes(0, element.key().length())) {
            if (one != 0) {
                return false;
            }
        }
        return true;
    }

    private void chains(Map<String, Chain> found, Map<String, NftSet> sets) {
        Map<String, List<Rule>> rules =
                nftables.rules(table).stream().map(Rule::uncounted).collect(Collectors.groupingBy(Rule::chain));
        List<String> surplus = new ArrayList<>(found.keySet());
        model.chains().forEach(chain -> surplus.remove(chain.name()));
        model.chains().stream()
                .filter(chain -> !found.containsKey(chain.name()))
                .forEach(chain -> {
                    step(Plan.Action.CREATE, "chain", chain.name());
                    batch.addChain(table, chain);
                });
        surplus.forEach(chain -> {
            step(Plan.Action.DELETE, "chain", chain);
            batch.flushChain(table, chain);
        });
        for (Chain chain : model.chains()) {
            List<Rule> wanted = model.rules(chain.name());
            if (!wanted.equals(rules.getOrDefault(chain.name(), List.of()))) {
                if (found.containsKey(chain.name())) {
                    step(Plan.Action.CHANGE, "chain", chain.name());
                    batch.flushChain(table, chain.name());
                }
                wanted.forEach(rule -> batch.addRule(table, rule));
            }
        }
        surplus.forEach(chain -> batch.deleteChain(table, chain));
        sets.keySet().stream()
                .filter(name ->
                        model.sets().stream().noneMatch(set -> set.name().equals(name)))
                .forEach(name -> {
                    step(Plan.Action.DELETE, "set", name);
                    batch.deleteSet(table, name);
                });
    }

    private void step(Plan.Action action, String kind, String name) {
        boolean whole = kind.equals("table");
        steps.add(new Plan.Step(action, kind, table + (whole ? "" : " " + name), whole ? name : ""));
    }
}
