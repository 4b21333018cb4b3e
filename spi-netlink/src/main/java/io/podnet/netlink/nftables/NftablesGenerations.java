package io.podnet.netlink.nftables;

import static io.podnet.netlink.nftables.LinuxNftables.*;

import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.socket.LinuxNfnetlink;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkEvents;
import io.podnet.netlink.socket.NetlinkRequest;
import java.time.Duration;

/**
 * Tells that somebody changed the nf_tables of a network namespace, and who: each transaction is a new generation. What it
 * changed must be read from the tables. iptables-nft works on nf_tables too.
 *
 * <p>One thread calls {@link #await} in a loop; any thread may close. It is bound to the namespace of the thread that opened
 * it.
 */
public final class NftablesGenerations implements AutoCloseable {
    private final NetlinkEvents events;

    private NftablesGenerations(NetlinkEvents events) {
        this.events = events;
    }

    /**
     * Starts to listen in the calling thread's network namespace. Changes from now on are told; read
     * {@link #current(NetlinkConversation)} after this call.
     *
     * @return an open subscription, to be closed
     * @throws PodnetException.PermissionDenied without CAP_NET_ADMIN there
     */
    public static NftablesGenerations open() {
        return new NftablesGenerations(NetlinkEvents.openForType(
                LinuxNetlink.NETLINK_NETFILTER, type(NFT_MSG_NEWGEN), LinuxNfnetlink.NFNLGRP_NFTABLES));
    }

    /**
     * Asks for the present generation.
     *
     * @param conversation over NETLINK_NETFILTER, in the namespace that is asked about
     * @return its id, as in {@link NftGeneration#id}
     * @throws PodnetException.Unsupported where the kernel has no nf_tables
     */
    public static long current(NetlinkConversation conversation) {
        NetlinkRequest request = NetlinkRequest.of(
                "NFT_MSG_GETGEN",
                () -> "nf_tables",
                out -> out.begin(type(NFT_MSG_GETGEN), 0)
                        .putByte(0)
                        .putByte(LinuxNfnetlink.NFNETLINK_V0)
                        .putShort(0));
        try {
            // The process that the answer names is the one that asked.
            return conversation.query(request, NftGeneration::read).id();
        } catch (PodnetException.KernelRejected refused) {
            // nfnetlink answers so where the subsystem is not there.
            throw refused.errno() == Errno.EINVAL.number() ? NftErrors.noTables(refused) : refused;
        }
    }

    /** Is told of changes. Runs on the thread that waits. */
    public interface Listener {
        /**
         * Somebody changed something.
         *
         * @param generation what came of it
         */
        void changed(NftGeneration generation);

        /** Changes were lost: somebody changed something, and nobody can tell who. */
        void lost();
    }

    /**
     * Waits for changes and tells all that came.
     *
     * @param listener is told each, in order
     * @param patience how long to wait for the first, at most 24 days
     * @return false where this is closed; true after changes, and after the time ran out without any
     */
    public boolean await(Listener listener, Duration patience) {
        return events.await(
                new NetlinkEvents.Listener() {
                    @Override
                    public void event(MessageReader message) {
                        if (message.type() == type(NFT_MSG_NEWGEN)) {
                            listener.changed(NftGeneration.read(message));
                        }
                    }

                    @Override
                    public void overrun() {
                        listener.lost();
                    }
                },
                patience);
    }

    /** Ends a wait in work and gives the sockets back. A second call does nothing. */
    @Override
    public void close() {
        events.close();
    }
}
