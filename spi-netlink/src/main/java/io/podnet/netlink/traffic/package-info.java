/**
 * Traffic control over rtnetlink, as much as shaping a link in both directions needs:
 * {@link io.podnet.netlink.traffic.TrafficControl} puts a token bucket at a link's root, and redirects what comes in to
 * another link that has a bucket of its own. This room knows qdiscs, filters and rates; not whose traffic it is.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.netlink.traffic;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
