/**
 * From services and pods to EndpointSlices, as Kubernetes' endpointslice controller makes them: {@link
 * io.podnet.endpoints.EndpointsController} is the door, {@link io.podnet.endpoints.SliceBuilder} decides. Pure: it knows
 * the values of {@code io.podnet.api} only, no proxy, no resolver, no clock and no I/O.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.endpoints;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
