/**
 * The {@code NetworkPlugin} named {@code overlay}: pods of many nodes reach each other with their own addresses. It has another
 * plugin wire the pods on the node and adds the ways to the others. This room joins the rooms below it and must not know how
 * any of them works.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.overlay;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
