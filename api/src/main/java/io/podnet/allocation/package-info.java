/**
 * What a service must have for itself in the cluster: its virtual addresses and node ports. {@link
 * io.podnet.allocation.LocalServiceAllocator} is one process's allocator over records that survive it; {@link
 * io.podnet.allocation.Allocation} is such a record. It knows values only: no proxy, no file format.
 */
@NullMarked
package io.podnet.allocation;

import org.jspecify.annotations.NullMarked;
