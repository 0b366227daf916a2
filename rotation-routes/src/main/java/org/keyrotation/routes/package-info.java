/**
 * Routes that rotate Adyen client keys, to add to a Camel application.
 *
 * <pre>
 *  requests topic ─┐                                              ┌─► keys topic
 *  retry topics ───┼─► intake ─► rotate ─► (ledger · API) ─► publish ─► failures topic
 *  timer ─► due ───┘     ▲                                        └─► retry topics ─┐
 *                        └──────────────── after its delay ◄────────────────────────┘
 * </pre>
 *
 * <p>{@link org.keyrotation.routes.RotationRoutes} is all that an application adds;
 * {@link org.keyrotation.routes.RotationSettings} says how it runs, and
 * {@link org.keyrotation.routes.RotationOutcome} what became of a rotation asked for directly. Each package below is a
 * room of the picture; they depend on each other from left to right only.
 */
@NullMarked
package org.keyrotation.routes;

import org.jspecify.annotations.NullMarked;
