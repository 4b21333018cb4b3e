package io.podnet.netlink.sysctl;

import java.util.Optional;

/**
 * What a write found.
 *
 * @param key the setting
 * @param existed false where this kernel has no such setting, as without IPv6, or no such interface; nothing was written
 *     then
 * @param previous the value before; empty where there was no setting, or one that can only be written
 */
public record SysctlChange(SysctlKey key, boolean existed, Optional<String> previous) {}
