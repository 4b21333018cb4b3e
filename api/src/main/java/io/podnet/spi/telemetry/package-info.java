/**
 * Where every part reports its phases: one seam, from which Java Flight Recorder and the host program's metrics are fed. A
 * provider gets its {@code Telemetry} with its context. This room knows no provider, and nothing of what it is told.
 */
@NullMarked
package io.podnet.spi.telemetry;

import org.jspecify.annotations.NullMarked;
