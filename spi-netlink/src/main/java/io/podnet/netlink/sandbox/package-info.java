/**
 * Pod sandboxes without a pause process: namespaces pinned by mounts, a mount namespace with the pod's own files for
 * each process, and the processes found and stopped. Entry point: {@link io.podnet.netlink.sandbox.LinuxSandboxProvider},
 * found through {@link java.util.ServiceLoader}. This room knows nothing of bridges, addresses, routes or services.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.netlink.sandbox;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
