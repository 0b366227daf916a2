/**
 * What keeps the names of these routes apart from a host's, and from those of other rotation routes in the same context.
 *
 * <p>Shows {@link org.keyrotation.routes.camel.Prefix}, and {@link org.keyrotation.routes.camel.PrefixedRoutes}, which
 * gives every route builder here its names.
 */
@NullMarked
package org.keyrotation.routes.camel;

import org.jspecify.annotations.NullMarked;
