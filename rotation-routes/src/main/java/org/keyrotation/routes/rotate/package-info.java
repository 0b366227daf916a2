/**
 * One request, one outcome.
 *
 * <pre>
 * Rotation ─► one at a time per credential ─► decide ─► attempt ──────────────────────► settle
 *                                            (ledger)   ▲  read the credential        │  record how it ends
 *                                                       │  record that it starts      │  publish the outcome
 *                                                       │  generate a key             │  record that it is settled
 *                                                       │  read the credential back,  │
 *                                                       │  if the outcome is uncertain│
 *                                                       └─────────────────────────────┘
 *                                                          quick retries
 * </pre>
 *
 * <p>{@code Decision} is a function of the ledger entry, the request and the time alone. After a call, its result and the
 * read-back decide:
 *
 * <table>
 * <caption>Result of the call × key that the read-back finds → state of the started rotation → outcome</caption>
 * <tr><th>result</th><th>read-back</th><th>started rotation</th><th>outcome</th></tr>
 * <tr><td>Generated</td><td>not done</td><td>ended</td><td>Rotated</td></tr>
 * <tr><td>Rejected</td><td>not done</td><td>ended</td><td>Failed</td></tr>
 * <tr><td>Retryable or RateLimited, not executed</td><td>not done</td><td>ended: the next attempt has a new
 * Idempotency-Key</td><td>quick retry (not if RateLimited), then Deferred</td></tr>
 * <tr><td rowspan="3">Retryable, UnknownOutcome without a response: may have executed</td><td>another key</td><td>ended</td>
 * <td>Rotated, recovered</td></tr>
 * <tr><td>the previous key</td><td>kept: the same call again</td><td>quick retry, then Deferred</td></tr>
 * <tr><td>failed</td><td>kept, read-back pending</td><td>quick retry, then Deferred</td></tr>
 * <tr><td rowspan="2">ServerError: may have executed</td><td>another key</td><td>ended</td><td>Rotated, recovered</td></tr>
 * <tr><td>the previous key</td><td>ended: its error is stored under the Idempotency-Key</td><td>quick retry, then
 * Deferred</td></tr>
 * <tr><td rowspan="2">UnknownOutcome with a 2xx response: reported success</td><td>another key</td><td>ended</td><td>Rotated,
 * recovered</td></tr>
 * <tr><td>the previous key</td><td>kept, read-back pending: no other call</td><td>quick retry, then Deferred</td></tr>
 * </table>
 *
 * <p>Without read-back, an error response counts as not executed, unless an earlier call may have executed. Past {@code
 * rotation.retry.give-up-after} a request fails as GAVE_UP instead of being deferred.
 *
 * <p>Public types: {@code RotateRoutes} with {@code Rotation} and {@code AdmissionControl}; {@code RotateSettings}.
 */
@NullMarked
package org.keyrotation.routes.rotate;

import org.jspecify.annotations.NullMarked;
