package io.podnet.netlink.sysctl;

import io.podnet.api.PodnetException;

/**
 * A value for a setting.
 *
 * @param key the setting
 * @param value printable ASCII, blanks and tabs, up to 4000 characters, may be empty; anything else is a {@link
 *     PodnetException.Invalid}
 */
public record SysctlSetting(SysctlKey key, String value) {
    private static final int LONGEST_VALUE = 4000;

    public SysctlSetting {
        if (value.length() > LONGEST_VALUE || !value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f))) {
            throw new PodnetException.Invalid("the value for sysctl " + key + " is refused: up to " + LONGEST_VALUE
                    + " printable ASCII characters, blanks and tabs are accepted");
        }
    }
}
