/**
 * Subnet leases: each node has a subnet of the cluster's network for its pods, as under flannel, claimed by compare-and-set and
 * bound to the node's session. A node that comes back too late yields. This room must not know how addresses of the subnet are
 * given to pods, nor any kernel.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.overlay.subnet;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
