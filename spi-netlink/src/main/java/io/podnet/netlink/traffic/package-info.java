/**
 * Traffic control over rtnetlink, as much as shaping a link in both directions needs:
 * {@link io.podnet.netlink.traffic.TrafficControl} puts a token bucket at a link's root, and redirects what comes in to
 * another link that has a bucket of its own. This room knows qdiscs, filters and rates; not whose traffic it is.
 */
@NullMarked
package io.podnet.netlink.traffic;

import org.jspecify.annotations.NullMarked;
