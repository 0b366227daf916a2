/**
 * The implementation of the Kamelet {@code rotate-client-key-action}, the way in for an application whose routes are YAML:
 *
 * <pre>
 *  kamelet:source ─► {@link org.keyrotation.routes.kamelet.RotateClientKey} ─► kamelet:sink
 *   (the request)        │  ▲                    (the outcome)
 *                        ▼  │
 *        RotationRoutes, in a Camel context of its own
 * </pre>
 *
 * <p>Public type: {@code RotateClientKey}, which only the Kamelet's file names. The package uses {@link
 * org.keyrotation.routes.RotationRoutes} like any application does, and no other package uses it.
 */
@NullMarked
package org.keyrotation.routes.kamelet;

import org.jspecify.annotations.NullMarked;
