/**
 * Brings one request to one outcome: decide, attempt, record, publish.
 *
 * <pre>
 * Rotation ─► one at a time per credential ─► decide ─► attempt ────────────────────► record how it ends
 *                                            (ledger)   ▲  │ read the credential      publish the outcome
 *                                                       │  │ record that it starts    record that it is settled
 *                                                       │  │ generate a key
 *                                                       │  │ read the credential back,
 *                                                       │  ▼ if the outcome is uncertain
 *                                                       └──┘ quick retries
 * </pre>
 *
 * <p>{@code Decision} is a function of the ledger entry, the request and the time alone. All that is recorded is made from
 * that entry; where another instance has changed it meanwhile, the request is decided anew. A started rotation has a {@code
 * RotationLease}: until it ends, no other instance calls. After a call, its result and the read-back decide:
 *
 * <table>
 * <caption>Result of the call × key that the read-back finds → state of the started rotation → outcome</caption>
 * <tr><th>result</th><th>read-back</th><th>started rotation</th><th>outcome</th></tr>
 * <tr><td>KeyGenerated</td><td>none</td><td>ended</td><td>Rotated</td></tr>
 * <tr><td>Rejected</td><td>none</td><td>ended</td><td>Failed</td></tr>
 * <tr><td rowspan="2">Retryable or RateLimited, not executed</td><td>none; no earlier call may have executed</td><td>ended: the
 * next attempt has a new Idempotency-Key</td><td>quick retry (not if RateLimited), then Deferred</td></tr>
 * <tr><td>none; an earlier call may have executed</td><td>kept, with its Idempotency-Key</td><td>as above</td></tr>
 * <tr><td rowspan="4">Retryable or RateLimited, UnknownOutcome without a response: may have executed</td><td>another key</td>
 * <td>ended</td><td>Rotated, recovered</td></tr>
 * <tr><td>the previous key, or still none</td><td>kept: the same call again</td><td>quick retry, then Deferred</td></tr>
 * <tr><td>the previous key, credential inactive</td><td>ended</td><td>Failed, CREDENTIAL_INACTIVE</td></tr>
 * <tr><td>failed, or the previous key is missing</td><td>kept, read-back pending</td><td>quick retry (not if the read is
 * RateLimited), then Deferred</td></tr>
 * <tr><td rowspan="3">ServerError: may have executed</td><td>another key</td><td>ended</td><td>Rotated, recovered</td></tr>
 * <tr><td>the previous key</td><td>ended: the API replays this error for the same Idempotency-Key</td><td>quick
 * retry, then Deferred</td></tr>
 * <tr><td>failed</td><td>kept, read-back pending</td><td>as above</td></tr>
 * <tr><td rowspan="3">UnknownOutcome with a 2xx response: reported success</td><td>another key</td><td>ended</td><td>Rotated,
 * recovered</td></tr>
 * <tr><td>the previous key</td><td>kept, read-back pending: no other call</td><td>quick retry, then Deferred</td></tr>
 * <tr><td>failed</td><td>kept, read-back pending</td><td>as above</td></tr>
 * </table>
 *
 * <p>Before the first call, a read without a client key counts once a second read confirms it. It never counts for a
 * credential with a rotation in the ledger.
 *
 * <p>Without read-back, an error response counts as not executed, unless an earlier call may have executed. Past {@code
 * rotation.retry.give-up-after} a request fails as GAVE_UP instead of being deferred.
 *
 * <p>Public types: {@code RotateRoutes} with {@code Rotation} and {@code AdmissionControl}; {@code RotateSettings}.
 */
@NullMarked
package org.keyrotation.routes.rotate;

import org.jspecify.annotations.NullMarked;
