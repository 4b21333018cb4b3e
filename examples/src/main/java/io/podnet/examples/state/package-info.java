/**
 * The agent's own files in the state directory, beside Podnet's records: the manifests it last accepted, and what became
 * of each pod. They are replaced by write, fsync and rename, so the {@code pods} command reads them without a lock. This
 * room knows files only: no process, no kernel, no decision.
 */
@NullMarked
package io.podnet.examples.state;

import org.jspecify.annotations.NullMarked;
