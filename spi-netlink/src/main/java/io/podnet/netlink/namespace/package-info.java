/**
 * Network namespaces and the only threads that enter them: handles ({@link io.podnet.netlink.namespace.NetworkNamespace}),
 * pins, sockets and processes inside, all by way of {@link io.podnet.netlink.namespace.NamespaceThreads}. Nothing else
 * in Podnet enters a network namespace or makes one. This room knows nothing of netlink messages, addresses or pods.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.netlink.namespace;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
