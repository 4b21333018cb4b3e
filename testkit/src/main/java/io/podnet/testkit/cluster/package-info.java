/**
 * A cluster of machines for one JUnit test: each node a network namespace on a network of their own, with links to cut, limit,
 * delay and restore, and processes that end with the test. For tests of any distributed Java program; it must not know pods.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.testkit.cluster;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
