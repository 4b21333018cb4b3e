package io.podnet.netlink.nftables;

import io.podnet.api.PodnetException;

/** What a name of a table, chain or set may be, so that the kernel takes it and nft prints it. */
final class NftNames {
    /** NFT_NAME_MAXLEN of nf_tables.h counts the NUL. */
    private static final int LONGEST = 255;

    private NftNames() {}

    static String check(String what, String name) {
        boolean valid = !name.isEmpty() && name.length() <= LONGEST;
        for (int i = 0; valid && i < name.length(); i++) {
            char c = name.charAt(i);
            valid = c > ' ' && c < 127 && "\"'{};#$".indexOf(c) < 0;
        }
        if (!valid) {
            throw new PodnetException.Invalid("an nf_tables " + what + " has a name of 1 to " + LONGEST
                    + " printable ASCII characters without blanks, quotes, braces, ';', '#' and '$'");
        }
        return name;
    }
}
