/**
 * The jobs of the app, which do one task and exit: {@code --once} and {@code --plan}.
 *
 * <pre>
 * --plan: plan ──────────────────────────────────────────────────────────────────────────► table
 * --once: topics ready ─► read open requests ─► intake starts ─► request what is due
 *                                                                  └─► await all outcomes ─► table, exit status
 * </pre>
 *
 * <p>{@code Drain} finds the open requests. {@link org.keyrotation.app.follow.FollowedRequests} follows each to its outcome.
 *
 * <p>Public type: {@link org.keyrotation.app.job.Job}.
 */
@NullMarked
package org.keyrotation.app.job;

import org.jspecify.annotations.NullMarked;
