package io.podnet.conformance;

import io.podnet.api.IpFamily;

/** What a class of tests runs with, one after the other: each kind of tools, and each family as a client's. */
enum Configuration {
    LEGACY_IPV4(Backend.LEGACY, IpFamily.IPV4),
    LEGACY_IPV6(Backend.LEGACY, IpFamily.IPV6),
    NFT_IPV4(Backend.NFT, IpFamily.IPV4),
    NFT_IPV6(Backend.NFT, IpFamily.IPV6);

    /** The option {@code backend} of the proxy. */
    enum Backend {
        LEGACY("legacy"),
        NFT("nft");

        private final String option;

        Backend(String option) {
            this.option = option;
        }

        String option() {
            return option;
        }

        String saveCommand(IpFamily family) {
            return (family == IpFamily.IPV4 ? "iptables-" : "ip6tables-") + option + "-save";
        }

        String command(IpFamily family) {
            return (family == IpFamily.IPV4 ? "iptables-" : "ip6tables-") + option;
        }
    }

    private final Backend backend;
    private final IpFamily family;

    Configuration(Backend backend, IpFamily family) {
        this.backend = backend;
        this.family = family;
    }

    Backend backend() {
        return backend;
    }

    IpFamily family() {
        return family;
    }
}
