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

/**
 * Tells that somebody changed the nf_tables of a network namespace, and who: each transaction is a new generation. What it
 * changed must be read from the tables. iptables-nft works on nf_tables too.
 */
public final class NftablesGenerations {
    private NftablesGenerations() {}

    /**
     * Starts to listen in the calling thread's network namespace. Changes from now on are told; read
     * {@link #current(NetlinkConversation)} after this call.
     *
     * @return an open subscription for a {@link Listener}, to be closed
     * @throws PodnetException.PermissionDenied without CAP_NET_ADMIN there
     */
    public static NetlinkEvents open() {
        return NetlinkEvents.openForType(
                LinuxNetlink.NETLINK_NETFILTER, type(NFT_MSG_NEWGEN), LinuxNfnetlink.NFNLGRP_NFTABLES);
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

    /** Is told of changes: of each generation, or by an overrun that there were some and nobody can tell whose. */
    public interface Listener extends NetlinkEvents.Listener {
        /**
         * Somebody changed something.
         *
         * @param generation what came of it
         */
        void changed(NftGeneration generation);

        @Override
        default void event(MessageReader message) {
            if (message.type() == type(NFT_MSG_NEWGEN)) {
                changed(NftGeneration.read(message));
            }
        }
    }
}
