package io.podnet.iptables.chain;

import io.podnet.iptables.rule.Table;

/** A chain that has rules of many services, in order of service port. */
public enum DispatchChain {
    /** By destination address, to the service's chains. Last in it: what is addressed to the node, to node ports. */
    SERVICES(Table.NAT, "KUBE-SERVICES"),
    /** By node port. */
    NODE_PORTS(Table.NAT, "KUBE-NODEPORTS"),
    /** Cluster IPs without endpoints. */
    UNSERVED(Table.FILTER, "KUBE-SERVICES"),
    /** Other destinations without endpoints: addresses before node ports, since an address may be the node's. */
    UNSERVED_EXTERNAL(Table.FILTER, "KUBE-EXTERNAL-SERVICES"),
    /** Health check node ports. */
    HEALTH_CHECKS(Table.FILTER, "KUBE-NODEPORTS"),
    /** What source ranges did not let through. */
    FIREWALL(Table.FILTER, "KUBE-PROXY-FIREWALL");

    private final Table table;
    private final String chain;

    DispatchChain(Table table, String chain) {
        this.table = table;
        this.chain = chain;
    }

    /**
     * Counts the groups of rules: all services' rules of the first come before all those of the next.
     *
     * @return 1 or 2
     */
    public int groups() {
        return this == UNSERVED_EXTERNAL ? 2 : 1;
    }

    /**
     * Gives the table.
     *
     * @return the chain's table
     */
    public Table table() {
        return table;
    }

    /**
     * Gives the name.
     *
     * @return the chain's name in the kernel
     */
    public String chain() {
        return chain;
    }
}
