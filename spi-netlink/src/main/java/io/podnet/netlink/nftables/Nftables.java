package io.podnet.netlink.nftables;

import static io.podnet.netlink.nftables.LinuxNftables.*;

import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.socket.DumpVisitor;
import io.podnet.netlink.socket.LinuxNfnetlink;
import io.podnet.netlink.socket.NetfilterTransaction;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkRequest;
import io.podnet.netlink.socket.ReplyDecoder;
import io.podnet.netlink.socket.RequestFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The nf_tables of one network namespace: the one in which the conversation's socket was opened. Changes come as a
 * {@link NftBatch}, everything else reads. Safe for any thread, as the conversation is.
 *
 * <p>A kernel without nf_tables, without a chain type or without an expression gives a
 * {@link PodnetException.Unsupported} that names it.
 */
public final class Nftables {
    private static final int AF_UNSPEC = 0;

    private final NetlinkConversation conversation;

    /**
     * Uses a conversation.
     *
     * @param conversation over NETLINK_NETFILTER, not closed by this
     */
    public Nftables(NetlinkConversation conversation) {
        this.conversation = Objects.requireNonNull(conversation, "conversation");
    }

    /**
     * Has a batch carried out: all of it, or nothing.
     *
     * @param batch what to do; an empty one is nothing
     * @throws PodnetException for the request that the kernel refused, further refusals suppressed in it
     */
    public void commit(NftBatch batch) {
        commitUnless(batch);
    }

    /**
     * Has a batch carried out, where some refusals are an answer rather than an error.
     *
     * @param batch what to do; an empty one is nothing
     * @param expected error numbers that are no failure
     * @return false where the kernel refused with one of them, and so changed nothing
     * @throws PodnetException where the kernel refuses with another
     */
    public boolean commitUnless(NftBatch batch, Errno... expected) {
        return commit(NetfilterTransaction.ofTables(batch.requests()), batch, expected);
    }

    /**
     * Has a batch carried out if nobody changed any table of the namespace since something was read.
     *
     * @param generation what {@link #generation} gave before the reading
     * @param batch what to do; an empty one is nothing
     * @return false where somebody did, and so nothing was changed
     * @throws PodnetException where the kernel refuses for another reason
     */
    public boolean commitAt(long generation, NftBatch batch) {
        return commit(
                new NetfilterTransaction(
                        LinuxNfnetlink.NFNL_SUBSYS_NFTABLES, OptionalInt.of((int) generation), batch.requests()),
                batch,
                Errno.ERESTART);
    }

    /**
     * Asks for the present generation.
     *
     * @return its id, as in {@link NftGeneration#id}
     */
    public long generation() {
        return NftablesGenerations.current(conversation);
    }

    private boolean commit(NetfilterTransaction transaction, NftBatch batch, Errno... expected) {
        List<RequestFailure> failures = conversation.tryCommit(transaction, echo -> {});
        if (failures.isEmpty()) {
            return true;
        }
        for (RequestFailure failure : failures) {
            if (!isOneOf(failure.errno(), expected)) {
                throw NftErrors.of(batch.requests(), failures);
            }
        }
        return false;
    }

    private static boolean isOneOf(int errno, Errno... expected) {
        for (Errno one : expected) {
            if (one.number() == errno) {
                return true;
            }
        }
        return false;
    }

    /**
     * Lists the tables of the families that {@link Family} knows.
     *
     * @return all tables, others' included
     */
    public List<Table> tables() {
        NetlinkRequest request = NetlinkRequest.of(
                "NFT_MSG_GETTABLE",
                () -> "all tables",
                out -> TableRequests.begin(out, NFT_MSG_GETTABLE, 0, AF_UNSPEC));
        try {
            return conversation.list(request, TableReader::table);
        } catch (PodnetException.KernelRejected refused) {
            // nfnetlink answers so where the subsystem is not there.
            throw refused.errno() == Errno.EINVAL.number() ? NftErrors.noTables(refused) : refused;
        }
    }

    /**
     * Lists the chains of a table.
     *
     * @param table the table
     * @return in the kernel's order; empty where the table is absent
     */
    public List<Chain> chains(Table table) {
        return conversation.list(
                TableRequests.list(table, "NFT_MSG_GETCHAIN", NFT_MSG_GETCHAIN, "chains", NFTA_CHAIN_TABLE),
                message -> TableReader.chain(table, message));
    }

    /**
     * Lists the rules of a table.
     *
     * @param table the table
     * @return in order within each chain, with what their counters counted; empty where the table is absent
     */
    public List<Rule> rules(Table table) {
        return conversation.list(
                TableRequests.list(table, "NFT_MSG_GETRULE", NFT_MSG_GETRULE, "rules", NFTA_RULE_TABLE),
                message -> TableReader.rule(table, message));
    }

    /**
     * Lists the sets and maps of a table.
     *
     * @param table the table
     * @return in the kernel's order; empty where the table is absent
     */
    public List<NftSet> sets(Table table) {
        try {
            return conversation.list(
                    TableRequests.list(table, "NFT_MSG_GETSET", NFT_MSG_GETSET, "sets", NFTA_SET_TABLE),
                    message -> TableReader.set(table, message));
        } catch (PodnetException.KernelRejected refused) {
            return absent(refused);
        }
    }

    private static <T> List<T> absent(PodnetException.KernelRejected refused) {
        if (refused.errno() == Errno.ENOENT.number()) {
            return List.of();
        }
        throw refused;
    }

    /**
     * Lists the elements of a set or map.
     *
     * @param table the table
     * @param set the set's name
     * @return in no order; empty where the set is absent
     */
    public List<SetElement> elements(Table table, String set) {
        List<SetElement> all = new ArrayList<>();
        DumpVisitor visitor = new DumpVisitor() {
            @Override
            public void visit(MessageReader message) {
                all.addAll(TableReader.elements(message));
            }

            @Override
            public void restart() {
                all.clear();
            }
        };
        try {
            conversation.dump(new ElementRequest(NFT_MSG_GETSETELEM, 0, table, set, List.of()), visitor);
            return all;
        } catch (PodnetException.KernelRejected refused) {
            return absent(refused);
        }
    }

    /**
     * Looks one element up. Not for sets of ranges, where several elements are one.
     *
     * @param table the table
     * @param set the set's name
     * @param key the element's key
     * @return the element, or empty where it, the set or the table is absent
     */
    public Optional<SetElement> element(Table table, String set, RegisterData key) {
        ElementRequest request = new ElementRequest(NFT_MSG_GETSETELEM, 0, table, set, List.of(SetElement.of(key, "")));
        ReplyDecoder<Optional<SetElement>> first =
                message -> TableReader.elements(message).stream().findFirst();
        return conversation.find(request, first, Errno.ENOENT).flatMap(found -> found);
    }

    /**
     * Deletes a table with all that is in it.
     *
     * @param table the table
     * @return false where it was absent
     */
    public boolean deleteTable(Table table) {
        return commitUnless(new NftBatch().deleteTable(table), Errno.ENOENT);
    }

    /**
     * Tells what a table's counters counted, by the comments of their rules.
     *
     * @param table the table
     * @return packets by comment, rules without comment left out
     */
    public Map<String, Long> packetsByComment(Table table) {
        return rules(table).stream()
                .filter(rule -> !rule.comment().isEmpty())
                .collect(Collectors.toMap(Rule::comment, Rule::packets, Long::sum));
    }
}
