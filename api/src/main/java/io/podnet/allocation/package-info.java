/**
 * What a service must have for itself in the cluster: its virtual addresses and node ports. {@link
 * io.podnet.allocation.LocalServiceAllocator} is one process's allocator over records that survive it; {@link
 * io.podnet.allocation.Allocation} is such a record. It knows values only: no proxy, no file format.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.allocation;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
