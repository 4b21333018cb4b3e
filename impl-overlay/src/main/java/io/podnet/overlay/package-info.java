/**
 * The {@code NetworkPlugin} named {@code overlay}: pods of many nodes reach each other with their own addresses. It has another
 * plugin wire the pods on the node and adds the ways to the others. This room joins the rooms below it and must not know how
 * any of them works.
 */
@NullMarked
package io.podnet.overlay;

import org.jspecify.annotations.NullMarked;
