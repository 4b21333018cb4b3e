/**
 * Which tracked UDP flows a change of services made wrong, as a pure function: {@link
 * io.podnet.services.conntrack.UdpReconciler} compares flows with the destinations of one sync and of the one before it. It must not know how flows are read or forgotten, nor how rules translate them.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.services.conntrack;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
