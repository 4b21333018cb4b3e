/**
 * A cluster of machines for one JUnit test: each node a network namespace on a network of their own, with links to cut, limit,
 * delay and restore, and processes that end with the test. For tests of any distributed Java program; it must not know pods.
 */
@NullMarked
package io.podnet.testkit.cluster;

import org.jspecify.annotations.NullMarked;
