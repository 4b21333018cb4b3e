/**
 * What services mean, as pure functions: from {@code Service} and {@code EndpointSlice} to {@link
 * io.podnet.services.VirtualPort}s, each a complete decision on one service port in one family. It must not know how a
 * kernel is told: no chain, mark, table or tool has a name here, so that several emitters share it. It does no I/O.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.services;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
