/**
 * Kubernetes manifests as text, made into values: {@link io.podnet.examples.manifest.ManifestReader} is the door. Every
 * complaint names the line it is about. Pure: this room knows no file, no kernel and no clock.
 */
@NullMarked
package io.podnet.examples.manifest;

import org.jspecify.annotations.NullMarked;
