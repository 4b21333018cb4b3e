/**
 * The guided tour: a node of its own, two pods, real traffic, and the proof that nothing stays. {@link
 * io.podnet.examples.quickstart.Quickstart} is the story; the other classes print, run programs and look. This room
 * knows Podnet's facade and service interfaces and no provider.
 */
@NullMarked
package io.podnet.examples.quickstart;

import org.jspecify.annotations.NullMarked;
