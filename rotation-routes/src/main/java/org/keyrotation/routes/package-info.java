/**
 * Routes that rotate Adyen client keys, for any Camel application.
 *
 * <pre>
 *  requests topic ─┐                                              ┌─► keys topic
 *  retry topics ───┼─► intake ─► rotate ─► (ledger · API) ─► publish ─► failures · satisfied topics
 *  timer ─► due ───┘     ▲                                        └─► retry topics ─┐
 *                        └──────────────── after its delay ◄────────────────────────┘
 * </pre>
 *
 * <p>An application adds {@link org.keyrotation.routes.RotationRoutes}. {@link org.keyrotation.routes.RotationSettings}
 * holds the settings, {@link org.keyrotation.routes.RotationOutcome} the outcome of a request, which an {@link
 * org.keyrotation.routes.OutcomeHandler} of the application may receive. The packages depend in one direction:
 *
 * <pre>
 * spring, kamelet → (root) → startup, schedule → intake → rotate → api, ledger, publish → retry → kafka → config → camel
 * </pre>
 */
@NullMarked
package org.keyrotation.routes;

import org.jspecify.annotations.NullMarked;
