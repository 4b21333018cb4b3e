/**
 * Containers as processes of the host's file system: the command line, the start, the end, the back-off, and finding a
 * process again that an earlier agent started. This room knows a pod's sandbox and the process table; it knows no
 * manifests' directory and no other pod.
 */
@NullMarked
package io.podnet.examples.container;

import org.jspecify.annotations.NullMarked;
