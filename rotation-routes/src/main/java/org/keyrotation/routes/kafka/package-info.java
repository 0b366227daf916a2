/** TODO. */
@NullMarked
package org.keyrotation.routes.kafka;

import org.jspecify.annotations.NullMarked;
