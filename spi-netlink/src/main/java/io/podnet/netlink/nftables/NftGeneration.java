package io.podnet.netlink.nftables;

import static io.podnet.netlink.nftables.LinuxNftables.*;

import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.socket.LinuxNfnetlink;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A change of a namespace's nf_tables, and who made it. iptables-nft makes one for each table that it commits.
 *
 * @param id the generation after the change, 1 to 4294967295; the next is one more, and after the last comes 1
 * @param processId the thread that made it, as the kernel's first pid namespace counts
 * @param processName that thread's name, at most 15 bytes: the program's, where nobody renamed it
 */
public record NftGeneration(long id, long processId, String processName) {
    /** Reads NFT_MSG_NEWGEN. */
    static NftGeneration read(MessageReader message) {
        long id = 0;
        long processId = 0;
        String name = "";
        AttributeReader attributes = message.attributes(LinuxNfnetlink.NFGENMSG_LENGTH);
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_GEN_ID -> id = Integer.toUnsignedLong(attributes.be32());
                case NFTA_GEN_PROC_PID -> processId = Integer.toUnsignedLong(attributes.be32());
                case NFTA_GEN_PROC_NAME -> name = attributes.string();
                default -> {
                    // Later kernels may say more.
                }
            }
        }
        return new NftGeneration(id, processId, name);
    }

    /**
     * Tells whether a thread of this process made the change.
     *
     * @return false also where that thread has ended, and in a pid namespace of our own, whose numbers are others
     */
    public boolean isOurs() {
        return Files.exists(Path.of("/proc/self/task", Long.toString(processId)));
    }
}
