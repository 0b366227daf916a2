/**
 * Where rotation requests come from.
 *
 * <pre>
 * direct:request-client-key-rotation ─┐
 *                                     ├─► requests topic ─► read ─┬─► rotate ──────────┐
 * timer ─► a request for each target ─┘                           └─► publish failure ─┴─► commit
 *                                                     what cannot be read
 * </pre>
 *
 * <p>The offset of a request is committed by the last step of its route, so after its outcome is acknowledged.
 *
 * <p>Shows {@link org.keyrotation.routes.intake.IntakeRoutes}, {@link org.keyrotation.routes.intake.ScheduleRoutes} and
 * their settings.
 */
@NullMarked
package org.keyrotation.routes.intake;

import org.jspecify.annotations.NullMarked;
