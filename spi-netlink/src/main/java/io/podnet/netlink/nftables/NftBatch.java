package io.podnet.netlink.nftables;

import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.socket.NetlinkRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Changes that are carried out together or not at all, in the order in which they were added. Methods return this
 * batch. Nothing happens before {@link Nftables#commit}. Not thread-safe.
 */
public final class NftBatch {
    /** Keeps a list of elements far below the 64 KiB that a netlink attribute holds. */
    private static final int ELEMENTS_A_MESSAGE = 128;

    private final List<NetlinkRequest> requests = new ArrayList<>();
    private int sets;

    /** Creates a batch without changes. */
    public NftBatch() {}

    /**
     * Gives the changes.
     *
     * @return requests in order, a view
     */
    public List<NetlinkRequest> requests() {
        return Collections.unmodifiableList(requests);
    }

    /**
     * Tells whether there is anything to do.
     *
     * @return true where no change was added
     */
    public boolean isEmpty() {
        return requests.isEmpty();
    }

    private NftBatch add(NetlinkRequest request) {
        requests.add(request);
        return this;
    }

    /**
     * Adds a table; one that exists stays as it is.
     *
     * @param table the table
     * @param comment what nft prints as comment; may be empty
     * @return this
     */
    public NftBatch addTable(Table table, String comment) {
        return add(TableRequests.newTable(table, comment));
    }

    /**
     * Deletes a table with all that is in it; it must exist.
     *
     * @param table the table
     * @return this
     */
    public NftBatch deleteTable(Table table) {
        return add(TableRequests.deleteTable(table));
    }

    /**
     * Deletes a table with all that is in it, if it exists. Works on all kernels, where NFT_MSG_DESTROYTABLE needs 6.3:
     * the table is added first.
     *
     * @param table the table
     * @return this
     */
    public NftBatch destroyTable(Table table) {
        return addTable(table, "").deleteTable(table);
    }

    /**
     * Adds a chain; one that exists with the same hook stays as it is.
     *
     * @param table the table
     * @param chain the chain
     * @return this
     */
    public NftBatch addChain(Table table, Chain chain) {
        return add(TableRequests.newChain(table, chain));
    }

    /**
     * Deletes a chain that has no rules and that no rule leads to.
     *
     * @param table the table
     * @param chain the chain's name
     * @return this
     */
    public NftBatch deleteChain(Table table, String chain) {
        return add(TableRequests.deleteChain(table, chain));
    }

    /**
     * Deletes all rules of a chain, which must exist.
     *
     * @param table the table
     * @param chain the chain's name
     * @return this
     */
    public NftBatch flushChain(Table table, String chain) {
        return add(TableRequests.flushChain(table, chain));
    }

    /**
     * Appends a rule to its chain.
     *
     * @param table the table
     * @param rule the rule
     * @return this
     */
    public NftBatch addRule(Table table, Rule rule) {
        return add(new RuleRequest(table, rule));
    }

    /**
     * Adds a set or map; one that exists stays as it is.
     *
     * @param table the table
     * @param set the set
     * @return this
     */
    public NftBatch addSet(Table table, NftSet set) {
        return add(TableRequests.newSet(table, set, ++sets));
    }

    /**
     * Deletes a set that no rule uses.
     *
     * @param table the table
     * @param set the set's name
     * @return this
     */
    public NftBatch deleteSet(Table table, String set) {
        return add(TableRequests.deleteSet(table, set));
    }

    /**
     * Empties a set.
     *
     * @param table the table
     * @param set the set's name
     * @return this
     */
    public NftBatch flushSet(Table table, String set) {
        return add(new ElementRequest(LinuxNftables.NFT_MSG_DELSETELEM, 0, table, set, List.of()));
    }

    /**
     * Adds elements; those that exist with the same value stay as they are, comment included.
     *
     * @param table the table
     * @param set the set's name
     * @param elements which
     * @return this
     */
    public NftBatch addElements(Table table, String set, List<SetElement> elements) {
        return elements(LinuxNftables.NFT_MSG_NEWSETELEM, LinuxNetlink.NLM_F_CREATE, table, set, elements);
    }

    /**
     * Adds elements; where one exists the batch is refused with EEXIST.
     *
     * @param table the table
     * @param set the set's name
     * @param elements which
     * @return this
     */
    public NftBatch createElements(Table table, String set, List<SetElement> elements) {
        int flags = LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_EXCL;
        return elements(LinuxNftables.NFT_MSG_NEWSETELEM, flags, table, set, elements);
    }

    /**
     * Deletes elements by their keys; where one does not exist the batch is refused with ENOENT.
     *
     * @param table the table
     * @param set the set's name
     * @param elements which; values and comments are not looked at
     * @return this
     */
    public NftBatch deleteElements(Table table, String set, List<SetElement> elements) {
        return elements(LinuxNftables.NFT_MSG_DELSETELEM, 0, table, set, elements);
    }

    private NftBatch elements(int message, int flags, Table table, String set, List<SetElement> elements) {
        for (int from = 0; from < elements.size(); from += ELEMENTS_A_MESSAGE) {
            int to = Math.min(elements.size(), from + ELEMENTS_A_MESSAGE);
            add(new ElementRequest(message, flags, table, set, elements.subList(from, to)));
        }
        return this;
    }
}
