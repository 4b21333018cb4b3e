package io.podnet.examples.state;

import io.podnet.examples.manifest.Manifest;

/**
 * An object that is to be there, and the file that says so.
 *
 * @param file the file's name in the manifests' directory
 * @param manifest the last good version
 */
public record Accepted(String file, Manifest manifest) {}
