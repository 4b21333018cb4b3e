/** What breaks the rule that a package gives no promise for its types. */
@API(status = API.Status.STABLE, since = "0.1")
@NullMarked
package io.podnet.architecture.roompromise;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
