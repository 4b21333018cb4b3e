/**
 * From what should be and what is to what must be written: the difference for one family, as a value, and its form as
 * input of iptables-restore. Pure; it must not run a tool.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.iptables.sync;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
