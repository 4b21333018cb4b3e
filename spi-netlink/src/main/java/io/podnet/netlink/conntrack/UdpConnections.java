package io.podnet.netlink.conntrack;

import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkRequest;
import io.podnet.netlink.socket.RequestFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Tracked UDP flows of one network namespace. A flow lives as long as its packets keep coming, and rules that translate
 * addresses are only asked for its first packet: after such rules changed, old flows must be forgotten. Safe for any
 * thread, as the conversation is.
 */
public final class UdpConnections {
    private final NetlinkConversation conversation;

    /**
     * Uses a conversation.
     *
     * @param conversation over NETLINK_NETFILTER, not closed by this
     */
    public UdpConnections(NetlinkConversation conversation) {
        this.conversation = Objects.requireNonNull(conversation, "conversation");
    }

    /**
     * Lists flows of both families in one dump each; the kernel itself leaves other protocols out. Only wanted flows are
     * kept, so a choice among very many costs no memory. A table that changes meanwhile may show a flow twice.
     *
     * @param wanted which flows; runs under the conversation's lock and must not use it
     * @return a new list in no order
     * @throws PodnetException.Unsupported where the kernel has no ctnetlink
     */
    public List<UdpFlow> list(Predicate<UdpFlow> wanted) {
        List<UdpFlow> all = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            all.addAll(list(FlowRequests.listing(family), wanted));
        }
        return all;
    }

    /**
     * Forgets one flow: its next packet asks the rules again.
     *
     * @param flow as listed
     * @return false where it had ended by itself
     */
    public boolean forget(UdpFlow flow) {
        return conversation.executeUnless(FlowRequests.deletion(flow), Errno.ENOENT);
    }

    /**
     * Forgets many flows, many to a system call.
     *
     * @param flows as listed
     * @return how many were forgotten; the others had ended by themselves
     * @throws PodnetException the first refusal, further ones suppressed in it; the other flows are forgotten
     */
    public int forgetAll(Collection<UdpFlow> flows) {
        List<RequestFailure> failures =
                conversation.tryBatch(flows.stream().map(FlowRequests::deletion).toList());
        List<PodnetException> errors = failures.stream()
                .filter(failure -> failure.errno() != Errno.ENOENT.number())
                .map(RequestFailure::error)
                .toList();
        if (!errors.isEmpty()) {
            errors.stream().skip(1).forEach(errors.get(0)::addSuppressed);
            throw errors.get(0);
        }
        return flows.size() - failures.size();
    }

    /**
     * Forgets flows that were first sent to a port, whatever their address. Flows whose source alone is translated stay:
     * they go through this host to somebody else, and answers to them would be lost.
     *
     * @param port destination port of the first packet, 1 to 65535
     * @return how many flows were forgotten
     * @throws PodnetException.Unsupported where the kernel has no ctnetlink
     */
    public int forgetTo(int port) {
        int forgotten = 0;
        for (IpFamily family : IpFamily.values()) {
            forgotten += forgetAll(list(
                    FlowRequests.listing(family, port),
                    flow -> flow.original().destinationPort() == port && !flow.isPassingThrough()));
        }
        return forgotten;
    }

    private List<UdpFlow> list(NetlinkRequest request, Predicate<UdpFlow> wanted) {
        FlowDecoder decoder = new FlowDecoder();
        try {
            return conversation.list(request, message -> decoder.flow(message).filter(wanted));
        } catch (PodnetException.KernelRejected refused) {
            if (refused.errno() == Errno.EINVAL.number()) {
                // nfnetlink answers so where the subsystem is not there.
                throw new PodnetException.Unsupported(
                        "the kernel has no ctnetlink: " + refused.getMessage()
                                + "; build or load CONFIG_NF_CT_NETLINK (module nf_conntrack_netlink)",
                        refused);
            }
            throw refused;
        }
    }
}
