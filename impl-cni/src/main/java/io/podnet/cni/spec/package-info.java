/**
 * The values of CNI's specification, versions 0.1.0 to 1.1.0: configuration lists, environment, results, errors, read and
 * written as JSON; both who runs plugins and who is one begin here. Everything is immutable and pure: what comes in is checked
 * against the specification's grammar, what is wrong becomes a {@link io.podnet.cni.spec.CniException} with its code. This room
 * must not know processes, files or kernels.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.cni.spec;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
