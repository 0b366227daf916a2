/**
 * Retry topics: requests that cannot be completed now wait there, and block no other.
 *
 * <pre>
 *  publish ─► defer ─► retry topic 1 (PT10S) ─┐
 *                      retry topic 2 (PT1M)  ─┼─► delay elapsed ─► return to the requests topic
 *                      retry topic 3 (PT10M) ─┘        ▲  │
 *                                                      └──┘ once more, if the API asked for a longer wait
 * </pre>
 *
 * <p>Each topic has one constant delay, so that the first record in is the first due. {@code RetryMetadata} travels in the
 * headers of the record.
 *
 * <p>Public types: {@code RetryRoutes} with {@code DeferredRequest} and {@code RetryMetadata}; {@code RetrySettings} with {@code
 * RetryTopic}.
 */
@NullMarked
package org.keyrotation.routes.retry;

import org.jspecify.annotations.NullMarked;
