package io.podnet.iptables.sync;

import io.podnet.iptables.chain.ChainKind;
import io.podnet.services.VirtualPort;

/**
 * A service's chain that is written anew. Its rules are made when they are written, so that a hundred thousand of these
 * take little room.
 *
 * @param name the chain's name
 * @param kind its kind
 * @param port the service port
 * @param endpoint the endpoint's index, for the chain of one
 */
record ChainWrite(String name, ChainKind kind, VirtualPort port, int endpoint) {}
