/** What breaks the rule that a promise is whole. */
@NullMarked
package io.podnet.architecture.leaking;

import org.jspecify.annotations.NullMarked;
