/**
 * What libcni is for a runtime: finds a network's configuration, runs its chain of plugins for each verb, and keeps results on
 * disk in libcni's own format. Entry point: {@link io.podnet.cni.runtime.CniRuntime}. Unlike libcni it takes a failed ADD back,
 * goes on past errors on DEL, and writes down what it is about to do before it does it. This room must not know pods, nor how
 * a process is started.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.cni.runtime;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
