/** Applications that the README shows. */
@NullMarked
package org.keyrotation.routes.examples;

import org.jspecify.annotations.NullMarked;
