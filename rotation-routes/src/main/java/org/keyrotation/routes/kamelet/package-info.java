/**
 * What stands behind the Kamelet {@code rotate-client-key-action}:
 *
 * <pre>
 *  kamelet:source ─► {@link org.keyrotation.routes.kamelet.RotateClientKey} ─► kamelet:sink
 *                        │  ▲
 *                        ▼  │
 *        RotationRoutes, in a Camel context of its own
 * </pre>
 *
 * <p>Knows {@link org.keyrotation.routes.RotationRoutes} as any application does; nobody knows it.
 */
@NullMarked
package org.keyrotation.routes.kamelet;

import org.jspecify.annotations.NullMarked;
