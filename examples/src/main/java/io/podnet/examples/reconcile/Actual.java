package io.podnet.examples.reconcile;

/**
 * A pod that is there.
 *
 * @param manifestHash the digest of the manifest it was made from
 * @param terminating whether it is being taken down
 */
public record Actual(String manifestHash, boolean terminating) {}
