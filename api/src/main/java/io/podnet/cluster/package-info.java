/**
 * Services of a cluster: wishes go into the store, and out of the store comes what each node's proxy and resolver are told.
 * {@link io.podnet.cluster.ClusterServices} writes what somebody wants, {@link io.podnet.cluster.NodeShare} what a node has,
 * {@link io.podnet.cluster.ClusterView} reads what all have. This room must not know any proxy, resolver, kernel or file.
 */
@NullMarked
package io.podnet.cluster;

import org.jspecify.annotations.NullMarked;
