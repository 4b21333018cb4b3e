/**
 * Locks between processes that work with the same files: {@link io.podnet.cni.lock.FlockedFile}. It knows the kernel's
 * flock(2), and nothing of what is locked.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.cni.lock;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
