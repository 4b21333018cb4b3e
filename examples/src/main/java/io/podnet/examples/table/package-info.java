/**
 * How the commands that only read show what they read: {@link io.podnet.examples.table.TextTable} for people, the choice
 * of {@link io.podnet.examples.table.Output}. This room knows text only.
 */
@NullMarked
package io.podnet.examples.table;

import org.jspecify.annotations.NullMarked;
