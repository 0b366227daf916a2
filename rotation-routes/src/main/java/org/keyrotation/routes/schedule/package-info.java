/**
 * Keeps a fleet fresh: what is due becomes ordinary requests.
 *
 * <pre>
 * targets: named · file · companies ─┐ (api: list, read)
 *                                    ├─► plan: due · too young · waiting · excluded · … ─► direct:request-client-key-rotation
 * ledger: last rotation, first seen ─┘
 * </pre>
 *
 * <p>There is no leader and no state but the ledger: instances that tick side by side ask for the same, id and all, and the
 * one rule of the ledger makes it one rotation.
 *
 * <p>Shows {@link org.keyrotation.routes.schedule.ScheduleRoutes}, its {@link
 * org.keyrotation.routes.schedule.ScheduleSettings} with their {@link
 * org.keyrotation.routes.schedule.MaintenanceWindow}, and to JMX {@link
 * org.keyrotation.routes.schedule.ScheduleMXBean}.
 */
@NullMarked
package org.keyrotation.routes.schedule;

import org.jspecify.annotations.NullMarked;
