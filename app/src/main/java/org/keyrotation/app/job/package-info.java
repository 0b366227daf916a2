/**
 * What the app does instead of serving: {@code --once} and {@code --plan}.
 *
 * <pre>
 * ready? ─► plan ─────────────────────────────► table
 *    └────► request what is due ─► look up … ─► table, exit status
 *                                  failures ──► why
 * </pre>
 *
 * <p>Shows {@link org.keyrotation.app.job.Job}.
 */
@NullMarked
package org.keyrotation.app.job;

import org.jspecify.annotations.NullMarked;
