/**
 * The store {@code etcd}: etcd version 3 through jetcd, for clusters of more than one machine. Watching and keeping sessions
 * alive are loops of this room, since jetcd's own go on after errors in ways that can leave a hole. Nobody else knows jetcd, and
 * this room must not know what the entries mean.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.etcd;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
