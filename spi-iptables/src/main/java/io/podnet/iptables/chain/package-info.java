/**
 * kube-proxy's chains: which rules a decided service port means, chain by chain, in the form in which iptables-save
 * writes them. Pure; it must not know how rules reach a kernel, nor decide anything about a service.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.iptables.chain;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
