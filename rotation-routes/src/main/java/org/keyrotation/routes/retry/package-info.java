/** TODO. */
@NullMarked
package org.keyrotation.routes.retry;

import org.jspecify.annotations.NullMarked;
