/** TODO. */
@NullMarked
package org.keyrotation.routes.config;

import org.jspecify.annotations.NullMarked;
