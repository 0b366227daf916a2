/**
 * What these routes need from Camel: names that do not collide, and threads that are not blocked.
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
 * </pre>
 *
 * <p>All types are public.
 *
 * <p>A thousand requests in flight therefore compete neither with each other nor with the JIT compiler for the processors.
 */
@NullMarked
package org.keyrotation.routes.camel;

import org.jspecify.annotations.NullMarked;
