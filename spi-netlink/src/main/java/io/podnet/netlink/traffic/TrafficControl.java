package io.podnet.netlink.traffic;

import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.socket.NetlinkConversation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Shapes links of one network namespace. What a link sends is shaped by a token bucket at its root. What it receives can
 * not be queued there, so it is redirected to an intermediate link (kind {@code ifb}, set up) whose root has a bucket.
 *
 * <p>Safe for any thread; every method waits for the kernel's answer.
 */
public final class TrafficControl {
    private final NetlinkConversation conversation;

    /**
     * Works over a conversation.
     *
     * @param conversation over NETLINK_ROUTE; not closed by this object
     */
    public TrafficControl(NetlinkConversation conversation) {
        this.conversation = conversation;
    }

    /**
     * Puts a token bucket at a link's root, in the place of whatever is there.
     *
     * @param linkIndex interface index
     * @param bucket rate, burst and queue
     */
    public void shape(int linkIndex, TokenBucket bucket) {
        conversation.execute(QdiscRequests.replacingRoot(linkIndex, bucket));
    }

    /**
     * Reads the token bucket at a link's root.
     *
     * @param linkIndex interface index
     * @return the bucket, its burst as exactly as the kernel shows it, see {@link TokenBucket#isShownAs}; empty where the
     *     root is something else, or there is no such link
     */
    public Optional<TokenBucket> shaping(int linkIndex) {
        return qdisc(linkIndex, Qdisc.ROOT).flatMap(Qdisc::tokenBucket);
    }

    /**
     * Takes the token bucket at a link's root away.
     *
     * @param linkIndex interface index
     * @return false where there was none; another kind of qdisc is left alone
     */
    public boolean removeShaping(int linkIndex) {
        return shaping(linkIndex).isPresent()
                && conversation.executeUnless(
                        QdiscRequests.deleting(linkIndex, Qdisc.ROOT), Errno.ENOENT, Errno.ENODEV);
    }

    /**
     * Has everything that a link receives, of any protocol, sent out by another link instead. Does nothing where it is
     * so already.
     *
     * @param linkIndex interface index of the link that receives
     * @param targetIndex interface index of the link that the packets are sent to; it must be up, or they are dropped
     */
    public void redirectIngress(int linkIndex, int targetIndex) {
        if (ingressRedirect(linkIndex).equals(OptionalInt.of(targetIndex))) {
            return;
        }
        conversation.executeUnless(QdiscRequests.creatingIngress(linkIndex), Errno.EEXIST);
        conversation.executeUnless(RedirectFilter.deleting(linkIndex), Errno.ENOENT);
        conversation.execute(RedirectFilter.creating(linkIndex, targetIndex));
    }

    /**
     * Reads where a link's received packets are redirected to.
     *
     * @param linkIndex interface index
     * @return interface index of the target, 0 where it is gone; empty where there is no redirection
     */
    public OptionalInt ingressRedirect(int linkIndex) {
        List<Integer> targets = new ArrayList<>();
        conversation.list(RedirectFilter.listing(linkIndex), message -> {
            RedirectFilter.target(message).ifPresent(targets::add);
            return Optional.empty();
        });
        return targets.isEmpty() ? OptionalInt.empty() : OptionalInt.of(targets.get(0));
    }

    /**
     * Takes a link's ingress qdisc away, with all filters on it.
     *
     * @param linkIndex interface index
     * @return false where there was none
     */
    public boolean removeIngress(int linkIndex) {
        return qdisc(linkIndex, Qdisc.INGRESS).isPresent()
                && conversation.executeUnless(
                        QdiscRequests.deleting(linkIndex, Qdisc.INGRESS), Errno.ENOENT, Errno.ENODEV);
    }

    private Optional<Qdisc> qdisc(int linkIndex, int parent) {
        Optional<Optional<Qdisc>> answer = conversation.find(
                QdiscRequests.getting(linkIndex, parent), QdiscRequests::decode, Errno.ENOENT, Errno.ENODEV);
        return answer.flatMap(qdisc -> qdisc);
    }

    /**
     * Lists the qdiscs of all links, without those that the kernel gives every link by itself.
     *
     * @return a new list
     */
    public List<Qdisc> list() {
        List<Qdisc> qdiscs = conversation.list(QdiscRequests.listing(), QdiscRequests::decode);
        qdiscs.removeIf(qdisc -> qdisc.handle() == 0);
        return qdiscs;
    }
}
