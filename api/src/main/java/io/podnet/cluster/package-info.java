/**
 * Services of a cluster: wishes go into the store, and out of the store comes what each node's proxy and resolver are told.
 * {@link io.podnet.cluster.ClusterServices} writes what somebody wants, {@link io.podnet.cluster.NodeShare} what a node has,
 * {@link io.podnet.cluster.ClusterView} reads what all have. This room must not know any proxy, resolver, kernel or file.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.cluster;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
