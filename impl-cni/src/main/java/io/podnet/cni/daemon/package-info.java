/**
 * The two ways in which a call of the executable {@code podnet-cni} comes to {@link io.podnet.cni.plugin.PodnetPlugin}:
 * {@link io.podnet.cni.daemon.CniDaemon} listens at a unix socket inside the host application,
 * {@link io.podnet.cni.daemon.StandAlone} is a process for one call. This room knows frames, descriptors and the journal of
 * deletes; nothing of what a call means, except that a DEL may wait.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.cni.daemon;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
