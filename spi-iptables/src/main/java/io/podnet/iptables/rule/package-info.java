/**
 * Rules as text: tables, the form in which iptables-save writes a rule, and a fingerprint that two writings of one rule
 * share. It must not know what rules are for.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.iptables.rule;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
