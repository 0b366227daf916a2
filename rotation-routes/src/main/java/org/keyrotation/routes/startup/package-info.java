/**
 * The start: topics are created, the ledger is read, then the consuming routes start.
 *
 * <pre>
 * context started ─► IntakeStarter ─┬─► TopicProvisioner: create the missing topics, wait for leaders
 *                      ▲ retries    ├─► Ledger: read to its end
 *                      └────────────┴─► start the consuming routes and the schedule ─► "Ready: …"
 *                                                  │
 *                              TopicsHealthCheck ◄─┘ DOWN with the reason until then
 * </pre>
 *
 * <p>Public types: {@code IntakeStarter} with {@code ReadyMessage}, {@code TopicProvisioner} with {@code TopicSettings}, {@code
 * TopicsHealthCheck}.
 */
@NullMarked
package org.keyrotation.routes.startup;

import org.jspecify.annotations.NullMarked;
