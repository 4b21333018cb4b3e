package io.podnet.dns;

import io.podnet.testkit.contract.NameResolverContract;

/** The resolver {@code dns} keeps its interface's promises. */
class DnsContractTest extends NameResolverContract {
    DnsContractTest() {
        super("dns");
    }
}
