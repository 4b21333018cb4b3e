/**
 * Side-by-side measurements, each in one run with what it is compared to. Entry: {@code benchmarks/run}. This room may
 * know everything; nothing may know it.
 */
@NullMarked
package io.podnet.benchmarks;

import org.jspecify.annotations.NullMarked;
