package io.podnet.netlink.nftables;

import java.util.Objects;

/**
 * A table.
 *
 * @param family which packets its chains see
 * @param name its name, unique in the family and the network namespace
 */
public record Table(Family family, String name) {
    public Table {
        Objects.requireNonNull(family, "family");
        NftNames.check("table", name);
    }

    /**
     * Writes the table as nft does.
     *
     * @return for example {@code inet filter}
     */
    @Override
    public String toString() {
        return family + " " + name;
    }
}
