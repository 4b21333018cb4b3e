package io.podnet.examples.manifest;

/**
 * An environment variable of a container.
 *
 * @param name its name
 * @param value a text with {@code $(VAR)} references, or the path of a field of the pod
 * @param fieldRef true where the value is a field's path, as {@code status.podIP}
 */
public record EnvVar(String name, String value, boolean fieldRef) {}
