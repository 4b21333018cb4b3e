/**
 * The Ipam {@code cluster}: addresses of the whole cluster, in blocks of which each belongs to one node, all by compare-and-set
 * in the {@link io.podnet.spi.ClusterStore}. No address is given twice and no block is lost, wherever a node dies; a node that
 * comes back late yields. This room must not know links, routes, pods or plugins: an owner is an id.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.overlay.address;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
