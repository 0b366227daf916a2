/**
 * Drift: the API has a key that no rotation of the service has generated, as after a rotation by hand.
 *
 * <pre>
 * schedule: the keys that each tick lists ─► check-drift ─► read once more ─┬─► report: ledger, metric, log line
 *                       ledger: its key of each credential ───┘               └─► publish: rotate, without a call
 * </pre>
 *
 * <p>No key is generated because of it.
 *
 * <p>Public types: {@link org.keyrotation.routes.drift.DriftRoutes} with {@link org.keyrotation.routes.drift.ListedKeys}, and
 * {@link org.keyrotation.routes.drift.DriftSettings}.
 */
@NullMarked
package org.keyrotation.routes.drift;

import org.jspecify.annotations.NullMarked;
