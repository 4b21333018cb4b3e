/**
 * What should run: the manifests' directory as a snapshot, joined with what was accepted before. {@link
 * io.podnet.examples.desired.DesiredState#merge} decides and is pure. This room knows the directory, not the pods that
 * run.
 */
@NullMarked
package io.podnet.examples.desired;

import org.jspecify.annotations.NullMarked;
