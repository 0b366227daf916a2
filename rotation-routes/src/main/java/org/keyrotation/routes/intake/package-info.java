/**
 * Requests: onto their topic, and from there to their outcome.
 *
 * <pre>
 * direct:request-client-key-rotation ─┐
 *                                     ├─► requests topic ─► parallel consumer ─► parse ─┬─► rotate
 * schedule ─► a request for what is due ┘  ▲      ▲                                     ├─► publish (unreadable: a failure)
 *                                          │      └── to its home partition ◄───────────┘
 *                    retry topics ─────────┘
 * </pre>
 *
 * <p>The consumer processes the requests of a credential one after the other, the rest in parallel, and shares its slots
 * fairly between companies ({@code CompanyStartPolicy}).
 *
 * <p>{@code OpenRequests} reads the requests that have no outcome yet, for jobs and commands.
 *
 * <p>Public types: {@code IntakeRoutes}, {@code IntakeSettings}, {@code OpenRequests} and {@code OpenRequest}.
 */
@NullMarked
package org.keyrotation.routes.intake;

import org.jspecify.annotations.NullMarked;
