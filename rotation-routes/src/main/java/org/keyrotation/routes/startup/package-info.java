/** TODO. */
@NullMarked
package org.keyrotation.routes.startup;

import org.jspecify.annotations.NullMarked;
