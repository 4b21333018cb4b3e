/**
 * What a link's driver is asked and told past rtnetlink, which has no word for it: whether it merges the packets that come in. This
 * room knows one namespace's links by name. It must not know what a link is for, nor decide what is good for it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.netlink.ethtool;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
