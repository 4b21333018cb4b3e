package io.podnet.netlink.nftables;

import io.podnet.api.PodnetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The opaque bytes that the kernel keeps with an object, filled as nft fills them: type, length, value (libnftnl
 * udata.h). A comment is type 0 with a NUL in tables, rules and elements alike.
 */
public final class UserData {
    /** Bytes of the longest comment: NFT_USERDATA_MAXLEN without type, length and NUL. */
    public static final int LONGEST = 252;

    private static final int HEADER = 2;
    private static final int COMMENT = 0;
    private static final int KEY_BYTE_ORDER = 0;

    private UserData() {}

    static byte[] ofComment(String comment) {
        byte[] text = comment.getBytes(StandardCharsets.UTF_8);
        if (text.length > LONGEST) {
            throw new PodnetException.LimitReached("an nf_tables comment has at most " + LONGEST + " bytes, this one "
                    + text.length + "; choose shorter ids");
        }
        byte[] bytes = new byte[HEADER + text.length + 1];
        bytes[0] = COMMENT;
        bytes[1] = (byte) (text.length + 1);
        System.arraycopy(text, 0, bytes, HEADER, text.length);
        return bytes;
    }

    static String commentOf(byte[] bytes) {
        for (int at = 0; at + HEADER <= bytes.length; ) {
            int length = bytes[at + 1] & 0xff;
            int from = at + HEADER;
            if (bytes[at] == COMMENT && length > 0 && from + length <= bytes.length) {
                return new String(bytes, from, length - 1, StandardCharsets.UTF_8);
            }
            at = from + length;
        }
        return "";
    }

    /** For a set: without it nft prints names of interfaces backwards. */
    static byte[] ofKeyByteOrder(int order) {
        return ByteBuffer.allocate(HEADER + 4)
                .order(ByteOrder.nativeOrder())
                .put((byte) KEY_BYTE_ORDER)
                .put((byte) 4)
                .putInt(order)
                .array();
    }
}
