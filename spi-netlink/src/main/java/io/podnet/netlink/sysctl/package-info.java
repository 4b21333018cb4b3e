/**
 * Kernel settings below /proc/sys/net, read and written without trusting the file tree: {@link
 * io.podnet.netlink.sysctl.Sysctls} for a thread that is inside a namespace, {@link
 * io.podnet.netlink.sysctl.NamespaceSysctls} for any other. Keys are lists of segments, so that an interface name with
 * a dot stays one name. This room knows nothing of what the settings mean.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.netlink.sysctl;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
