/**
 * From what should be and what is to what must be written: the difference for one family, as a value, and its form as
 * input of iptables-restore. Pure; it must not run a tool.
 */
@NullMarked
package io.podnet.iptables.sync;

import org.jspecify.annotations.NullMarked;
