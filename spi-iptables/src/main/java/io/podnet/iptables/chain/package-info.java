/**
 * kube-proxy's chains: which rules a decided service port means, chain by chain, in the form in which iptables-save
 * writes them. Pure; it must not know how rules reach a kernel, nor decide anything about a service.
 */
@NullMarked
package io.podnet.iptables.chain;

import org.jspecify.annotations.NullMarked;
