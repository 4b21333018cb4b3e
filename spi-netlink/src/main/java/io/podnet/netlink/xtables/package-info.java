/**
 * Legacy x_tables, for reading alone: {@link io.podnet.netlink.xtables.LegacyTables} tells cheaply whether somebody changed
 * a table that iptables-legacy wrote. It must not write rules or know what they mean, and never brings a table into being.
 */
@NullMarked
package io.podnet.netlink.xtables;

import org.jspecify.annotations.NullMarked;
