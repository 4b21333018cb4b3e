/** What breaks the rule that every public type has a status. */
@NullMarked
package io.podnet.architecture.unsaid;

import org.jspecify.annotations.NullMarked;
