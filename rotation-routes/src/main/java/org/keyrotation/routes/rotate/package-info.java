/**
 * One request, one outcome.
 *
 * <pre>
 * Rotation ─► one at a time per credential ─► decide ─► attempt ──────────────────────► settle
 *                                            (ledger)   ▲  read the credential        │  write how it ends
 *                                                       │  write that it starts       │  publish the outcome
 *                                                       │  generate a key             │  write that it is told
 *                                                       │  where the answer is lost,  │
 *                                                       │  read: is the key another?  │
 *                                                       └─────────────────────────────┘
 *                                                          a few quick tries, while the API is unavailable
 * </pre>
 *
 * <p>What may be told is decided by {@code Decision}, a function of the ledger's entry, the request and the time alone.
 *
 * <p>Shows {@link org.keyrotation.routes.rotate.RotateRoutes}, the {@link org.keyrotation.routes.rotate.Rotation} that
 * goes through it, the {@link org.keyrotation.routes.kafka.PartitionOwnership} that it is carried out under, the
 * {@link org.keyrotation.routes.rotate.AdmissionControl} that is asked before, and {@link org.keyrotation.routes.rotate.RotateSettings}.
 */
@NullMarked
package org.keyrotation.routes.rotate;

import org.jspecify.annotations.NullMarked;
