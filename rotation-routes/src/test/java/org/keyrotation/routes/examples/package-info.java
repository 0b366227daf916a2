/** The applications and snippets of the READMEs, so that the compiler checks them. */
@NullMarked
package org.keyrotation.routes.examples;

import org.jspecify.annotations.NullMarked;
