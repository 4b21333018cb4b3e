package io.podnet.netlink.route;

import io.podnet.api.PodnetException;

/** The kernel's grammar of interface names: dev_valid_name() in net/core/dev.c, less what would read badly in a log. */
final class LinkName {
    private static final int IFNAMSIZ = 16;

    private LinkName() {}

    static String require(String name) {
        boolean valid = !name.isEmpty() && name.length() < IFNAMSIZ && !".".equals(name) && !"..".equals(name);
        for (int i = 0; valid && i < name.length(); i++) {
            char c = name.charAt(i);
            valid = c > ' ' && c < 0x7f && c != '/' && c != ':' && c != '%';
        }
        if (!valid) {
            throw new PodnetException.Invalid("'" + name + "' is no interface name; it needs 1 to 15 printable ASCII"
                    + " characters without '/', ':' and '%'");
        }
        return name;
    }
}
