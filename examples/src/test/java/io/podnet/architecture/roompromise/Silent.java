package io.podnet.architecture.roompromise;

/** A public type that is promised by its package. */
public class Silent {}
