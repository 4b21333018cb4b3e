/**
 * Rules as text: tables, the form in which iptables-save writes a rule, and a fingerprint that two writings of one rule
 * share. It must not know what rules are for.
 */
@NullMarked
package io.podnet.iptables.rule;

import org.jspecify.annotations.NullMarked;
