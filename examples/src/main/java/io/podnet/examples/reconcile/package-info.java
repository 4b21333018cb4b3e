/**
 * The difference between what should run and what does, as actions: {@link io.podnet.examples.reconcile.Diff}. Pure;
 * this room knows neither files nor processes, and the node only as the interface that a test can play.
 */
@NullMarked
package io.podnet.examples.reconcile;

import org.jspecify.annotations.NullMarked;
