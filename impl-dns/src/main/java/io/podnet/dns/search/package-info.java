/**
 * Search lists completed on the server, what CoreDNS calls autopath: the first name that a pod's resolver makes is
 * answered with what it would find in the end. Entry: {@link io.podnet.dns.search.SearchCompletion}. It must not know how
 * other names are resolved, nor what the cluster's records are made of.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.dns.search;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
