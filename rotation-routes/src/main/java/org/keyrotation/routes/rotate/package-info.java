/**
 * One request, one outcome.
 *
 * <pre>
 * Rotation ─► one at a time per credential ─► attempt ──────────────────────────────► settle ─► publish
 *                                             ▲  read the credential                │
 *                                             │  generate a key                     │
 *                                             │  where the answer is lost, read it  │
 *                                             │  again: is the key another one?     │
 *                                             └─────────────────────────────────────┘
 *                                                a few quick tries more, while the API is unavailable
 * </pre>
 *
 * <p>Shows {@link org.keyrotation.routes.rotate.RotateRoutes}, the {@link org.keyrotation.routes.rotate.Rotation} that
 * goes through it, and {@link org.keyrotation.routes.rotate.RotateSettings}.
 */
@NullMarked
package org.keyrotation.routes.rotate;

import org.jspecify.annotations.NullMarked;
