/**
 * Where rotation requests come from.
 *
 * <pre>
 * direct:request-client-key-rotation ─┐
 *                                     ├─► requests topic ─► window ─► read ─┬─► rotate
 * timer ─► a request for each target ─┘    ▲    ▲                           ├─► forward to its home partition ─┐
 *                                          │    └───────────────────────────│──────────────────────────────────┘
 *        retry topics ─► window ─► (due) ──┘                                └─► publish failure (unreadable)
 * </pre>
 *
 * <p>The {@code Window} holds what its consumer has polled: records of one key one after the other, the rest side by side.
 * What is done without a gap from the front of a partition is committed by the consumer itself, in its next poll.
 *
 * <p>Shows {@link org.keyrotation.routes.intake.IntakeRoutes}, {@link org.keyrotation.routes.intake.ScheduleRoutes} and
 * their settings.
 */
@NullMarked
package org.keyrotation.routes.intake;

import org.jspecify.annotations.NullMarked;
