package io.podnet.iptables.chain;

/** The kinds of chains of one service port, each before those that jump to it. */
public enum ChainKind {
    /** One endpoint. */
    SEP(ChainNames.SEP),
    /** Cluster policy. */
    SVC(ChainNames.SVC),
    /** Local policy. */
    SVL(ChainNames.SVL),
    /** From outside. */
    EXT(ChainNames.EXT),
    /** Source ranges. */
    FW(ChainNames.FW);

    private final String prefix;

    ChainKind(String prefix) {
        this.prefix = prefix;
    }

    /**
     * Gives the prefix.
     *
     * @return what the chain's name begins with
     */
    public String prefix() {
        return prefix;
    }
}
