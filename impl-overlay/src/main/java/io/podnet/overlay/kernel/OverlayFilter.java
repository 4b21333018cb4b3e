package io.podnet.overlay.kernel;

import io.podnet.api.IpAddress;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.nftables.NftBatch;
import io.podnet.netlink.nftables.NftSet;
import io.podnet.netlink.nftables.Nftables;
import io.podnet.netlink.nftables.RegisterData;
import io.podnet.netlink.nftables.Rule;
import io.podnet.netlink.nftables.SetElement;
import io.podnet.netlink.nftables.Table;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.overlay.model.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The overlay's table of nf_tables. Sets' elements are rows; the rest is made anew where it differs. */
final class OverlayFilter {
    private final Nftables nftables;
    private final FilterModel model;

    OverlayFilter(NetlinkConversation conversation, FilterModel model) {
        this.nftables = new Nftables(conversation);
        this.model = model;
    }

    private Table table() {
        return model.table();
    }

    /** Brings the table to what it should be; gives what had to be done. */
    List<String> ensure() {
        if (isSound()) {
            return List.of();
        }
        if (!isNeeded()) {
            remove();
            return List.of("table " + table() + " was removed");
        }
        // One transaction: no packet meets half of it. Elements are put by whoever reads that they are missing.
        NftBatch batch =
                new NftBatch().destroyTable(table()).addTable(table(), "Podnet: tunnel ends and pods of others");
        model.sets().forEach(set -> batch.addSet(table(), set));
        model.chains().forEach(chain -> batch.addChain(table(), chain));
        model.rules().forEach(rule -> batch.addRule(table(), rule));
        nftables.commit(batch);
        return List.of("table " + table() + " was made");
    }

    boolean isNeeded() {
        return !model.rules().isEmpty();
    }

    /** Tells whether the table is what it should be, apart from the sets' elements. */
    boolean isSound() {
        boolean present = nftables.tables().contains(table());
        return isNeeded() ? present && isAsModelled() : !present;
    }

    private boolean isAsModelled() {
        Map<String, List<Rule>> rules =
                nftables.rules(table()).stream().map(Rule::uncounted).collect(Collectors.groupingBy(Rule::chain));
        Map<String, List<Rule>> wanted = model.rules().stream().collect(Collectors.groupingBy(Rule::chain));
        return new HashSet<>(nftables.chains(table())).equals(new HashSet<>(model.chains()))
                && new HashSet<>(nftables.sets(table())).equals(new HashSet<>(model.sets()))
                && rules.equals(wanted);
    }

    List<Row.Member> read() {
        List<Row.Member> rows = new ArrayList<>();
        for (NftSet set : model.sets()) {
            nftables.elements(table(), set.name())
                    .forEach(element -> rows.add(new Row.Member(
                            set.name(),
                            IpAddress.of(element.key().bytes(0, element.key().length())))));
        }
        return rows;
    }

    private static SetElement element(Object address) {
        return SetElement.of(RegisterData.of((IpAddress) address), "");
    }

    void put(List<Row.Member> members) {
        Map<String, List<SetElement>> sets = new TreeMap<>();
        members.stream()
                .filter(member -> has(member.set()))
                .forEach(member -> sets.computeIfAbsent(member.set(), name -> new ArrayList<>())
                        .add(element(member.address())));
        NftBatch batch = new NftBatch();
        sets.forEach((set, elements) -> batch.addElements(table(), set, elements));
        nftables.commit(batch);
    }

    private boolean has(String set) {
        return model.sets().stream().anyMatch(each -> each.name().equals(set));
    }

    void drop(List<Row.Key> members) {
        Map<String, List<SetElement>> sets = new TreeMap<>();
        members.stream()
                .filter(key -> has(key.place()))
                .forEach(key -> sets.computeIfAbsent(key.place(), name -> new ArrayList<>())
                        .add(element(key.id())));
        NftBatch batch = new NftBatch();
        sets.forEach((set, elements) -> batch.deleteElements(table(), set, elements));
        if (!nftables.commitUnless(batch, Errno.ENOENT)) {
            // One is gone already, and took the others' deletion with it.
            sets.forEach((set, elements) -> elements.forEach(element -> nftables.commitUnless(
                    new NftBatch().deleteElements(table(), set, List.of(element)), Errno.ENOENT)));
        }
    }

    void remove() {
        nftables.deleteTable(table());
    }
}
