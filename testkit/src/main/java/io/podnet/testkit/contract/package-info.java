/**
 * What each of Podnet's interfaces promises, as tests that a third party's provider takes with a class of one line: it extends
 * the contract and names its provider. A contract brings all that its provider needs but the provider itself, on the real kernel.
 * It must not know any provider, nor ask for more than the interface's documentation says.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.testkit.contract;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
