/**
 * The jobs of the app, which do one task and exit: {@code --once} and {@code --plan}.
 *
 * <pre>
 * await ready ─┬─► --plan: plan ──────────────────────────────────────────────────► table
 *              └─► --once: request what is due ─► await outcomes ─► read failures ─► table, exit status
 * </pre>
 *
 * <p>Public type: {@link org.keyrotation.app.job.Job}.
 */
@NullMarked
package org.keyrotation.app.job;

import org.jspecify.annotations.NullMarked;
