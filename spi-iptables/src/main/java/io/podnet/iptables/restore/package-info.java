/**
 * The iptables tools: where they are, how they are run inside a namespace, how input is streamed to iptables-restore and
 * output read from iptables-save. It must not know what the rules mean.
 */
@NullMarked
package io.podnet.iptables.restore;

import org.jspecify.annotations.NullMarked;
