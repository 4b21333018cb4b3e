package io.podnet.iptables.sync;

import io.podnet.iptables.chain.ChainKind;
import io.podnet.iptables.chain.PortChains;

/**
 * A service's chain that is written anew. Its rules are made when they are written, so that a hundred thousand of these
 * take little room.
 *
 * @param name the chain's name
 * @param kind its kind
 * @param port the service port with the names of its chains
 * @param endpoint the endpoint's index, for the chain of one
 * @param created whether the kernel had no such chain
 */
record ChainWrite(String name, ChainKind kind, PortChains port, int endpoint, boolean created) {}
