/**
 * Locks between processes that work with the same files: {@link io.podnet.cni.lock.FlockedFile}. It knows the kernel's
 * flock(2), and nothing of what is locked.
 */
@NullMarked
package io.podnet.cni.lock;

import org.jspecify.annotations.NullMarked;
