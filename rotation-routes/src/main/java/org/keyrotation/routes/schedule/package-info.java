/**
 * The schedule keeps the keys of a fleet of credentials fresh: each tick turns due credentials into ordinary requests.
 *
 * <pre>
 *  targets: named · file · companies ─► TargetScanner ─┐                      ┌─► direct:plan-client-key-rotations
 *               (API: list credentials)                │                      │
 *                                                      ├─► FleetPlanner ─► RotationPlan ─► split ─► direct:request-client-key-rotation
 *  ledger: last rotation · first seen ─────────────────┘        ▲                                     (the requests topic)
 *                                                               │
 *  timer ─► Schedule: Tick (slots since the last tick) ─────────┘
 * </pre>
 *
 * <p>The ledger is the only shared state, and there is no leader election. Instances that tick at the same time make the same
 * requests, with the same ids; the ledger's rule for duplicates turns them into one rotation.
 *
 * <p>Public types: {@link org.keyrotation.routes.schedule.ScheduleRoutes}, {@link
 * org.keyrotation.routes.schedule.ScheduleSettings} with {@link org.keyrotation.routes.schedule.MaintenanceWindow}, {@link
 * org.keyrotation.routes.schedule.TargetFile}, {@link org.keyrotation.routes.schedule.DueDates} for the status of
 * credentials, and for JMX {@link org.keyrotation.routes.schedule.ScheduleMXBean}.
 */
@NullMarked
package org.keyrotation.routes.schedule;

import org.jspecify.annotations.NullMarked;
