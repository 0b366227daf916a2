/**
 * Where rotation requests come from.
 *
 * <pre>
 * direct:request-client-key-rotation ─┐
 *                                     ├─► requests topic ─► window ─► read ─┬─► rotate
 * schedule ─► a request for what is due ┘  ▲    ▲                           ├─► forward to its home partition ─┐
 *                                          │    └───────────────────────────│──────────────────────────────────┘
 *        retry topics ─► window ─► (due) ──┘                                └─► publish failure (unreadable)
 * </pre>
 *
 * <p>The {@code InFlightRecords} holds what its consumer has polled: records of one key one after the other, the rest side by side, a
 * company after the other, and none whose company is not to be called yet.
 * What is done without a gap from the front of a partition is committed by the consumer itself, in its next poll.
 *
 * <p>Shows {@link org.keyrotation.routes.intake.IntakeRoutes} and its settings. What is due has a room of its own in it,
 * {@link org.keyrotation.routes.intake.schedule}.
 */
@NullMarked
package org.keyrotation.routes.intake;

import org.jspecify.annotations.NullMarked;
