/**
 * Legacy x_tables, for reading alone: {@link io.podnet.netlink.xtables.LegacyTables} tells cheaply whether somebody changed
 * a table that iptables-legacy wrote. It must not write rules or know what they mean, and never brings a table into being.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.netlink.xtables;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
