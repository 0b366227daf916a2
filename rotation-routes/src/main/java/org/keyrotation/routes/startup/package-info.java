/**
 * The start: topics are created, the ledger is read, then the consuming routes start. From then on readiness is watched.
 *
 * <pre>
 * context started ─► IntakeStarter ─┬─► TopicProvisioner: create the missing topics, wait for leaders, check settings
 *                      ▲ retries    ├─► Ledger: read to its end
 *                      │            ├─► LedgerClaim: the control record names our API and group, else wait
 *                      ├────────────┼─► start the consuming routes, wait until they have joined their groups
 *                      │            └─► "Ready: …", start the schedule
 *                      └─ watches: topics, ledger, claim, consuming routes
 *                                          │
 *                      TopicsHealthCheck ◄─┘ DOWN, with the reason, while one of them prevents the processing of requests
 * </pre>
 *
 * <p>Public types: {@code IntakeStarter} with {@code LedgerClaim} and {@code ReadyMessage}, {@code TopicProvisioner} with {@code TopicSettings} and
 * {@code TopicFindings}, {@code
 * TopicsHealthCheck}, {@code ClockHealthCheck}.
 */
@NullMarked
package org.keyrotation.routes.startup;

import org.jspecify.annotations.NullMarked;
