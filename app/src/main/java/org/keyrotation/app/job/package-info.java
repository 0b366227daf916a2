/**
 * The jobs of the app, which do one task and exit: {@code --once} and {@code --plan}.
 *
 * <pre>
 * --plan: plan ──────────────────────────────────────────────────────────────────────────► table
 * --once: topics ready ─► read open requests ─► intake starts ─► request what is due
 *                                                                  └─► await all outcomes ─► table, exit status
 * </pre>
 *
 * <p>{@code Drain} follows each request: a failure is known from the failures topic, a key from the ledger.
 *
 * <p>Public type: {@link org.keyrotation.app.job.Job}.
 */
@NullMarked
package org.keyrotation.app.job;

import org.jspecify.annotations.NullMarked;
