/**
 * Texts of keys and values, for files and for entries of the cluster's store. This room must not know what is written with
 * them, nor where it is kept.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.record;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
