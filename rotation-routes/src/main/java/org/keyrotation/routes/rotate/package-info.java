/**
 * One request, one outcome.
 *
 * <pre>
 * Rotation ─► one at a time per credential ─► attempt ─► settle ─► publish
 *                                             ▲     │
 *                                             └─────┘ a few quick tries, while the API is unavailable
 * </pre>
 *
 * <p>Shows {@link org.keyrotation.routes.rotate.RotateRoutes}, the {@link org.keyrotation.routes.rotate.Rotation} that
 * goes through it, and {@link org.keyrotation.routes.rotate.RotateSettings}.
 */
@NullMarked
package org.keyrotation.routes.rotate;

import org.jspecify.annotations.NullMarked;
