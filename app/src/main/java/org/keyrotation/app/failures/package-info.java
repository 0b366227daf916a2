/**
 * The failures that need a person: no key has followed them.
 *
 * <pre>
 * failures topic, from a time on ─┐
 *                                 ├─► OpenFailures ─► the newest of each credential ─► failures, replay, status
 * ledger: failures in a row ──────┘
 * </pre>
 *
 * <p>Public type: {@link org.keyrotation.app.failures.OpenFailures}.
 */
@NullMarked
package org.keyrotation.app.failures;

import org.jspecify.annotations.NullMarked;
