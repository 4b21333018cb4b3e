/**
 * The {@code host-local} Ipam: addresses of one node, kept as files in the layout of CNI's host-local plugin, so that
 * both can work on one directory. It gives every address to at most one owner, whatever crashes and whoever else works
 * on the directory. This room must not know links, routes, pods or plugins: an owner is an id.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.bridge.ipam;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
