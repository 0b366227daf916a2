/**
 * What these routes need from Camel: names that do not collide, threads that are not blocked, and a log
 * that is not flooded.
 *
 * <pre>
 * Prefix ─► PrefixedRoutes          ids and direct endpoints of every route builder
 *
 * ThreadPools   routing             few threads, never block
 *               blocking            API calls, Kafka's client without metadata, outcome handlers
 *               redelivery          schedules redeliveries
 *
 * SwitchThread                      the exchange continues on another pool
 * FutureProcessor                   the exchange waits for a future, on no thread
 * QueueingPolicy                    the exchange waits for a permit, on no thread
 *
 * RepeatedWarning                   one log line a minute, however many requests fail
 * </pre>
 *
 * <p>All types are public.
 *
 * <p>A thousand requests in flight therefore compete neither with each other nor with the JIT compiler for the processors.
 */
@NullMarked
package org.keyrotation.routes.camel;

import org.jspecify.annotations.NullMarked;
