package io.podnet.iptables;

import io.podnet.testkit.contract.ServiceProxyContract;

/** The proxy {@code iptables} keeps its interface's promises. */
class IptablesContractTest extends ServiceProxyContract {
    IptablesContractTest() {
        super("iptables");
    }
}
