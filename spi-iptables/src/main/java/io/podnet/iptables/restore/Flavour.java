package io.podnet.iptables.restore;

import java.util.Locale;

/** The two implementations of the iptables tools, with rules of their own each. */
public enum Flavour {
    /** The kernel's ip_tables: a table is replaced as a whole, under a lock of the machine. */
    LEGACY,
    /** The kernel's nf_tables: changes are transactions, without a lock. */
    NFT;

    /**
     * Gives the word in the tools' names.
     *
     * @return for example {@code nft}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
