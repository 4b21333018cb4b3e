package io.podnet.examples.state;

import io.podnet.examples.manifest.PodManifest;

/**
 * A pod that is to run, and the file that says so.
 *
 * @param file the file's name in the manifests' directory
 * @param manifest the last good version
 */
public record Accepted(String file, PodManifest manifest) {}
