/**
 * The Management API: one call, one typed answer.
 *
 * <pre>
 * ApiCall ─► address (path, auth, Idempotency-Key; every other header goes) ─► POST ─► ApiAnswer
 *                                                                                        Generated   a new key
 *                                                                                        Refused     for good
 *                                                                                        Unavailable try later
 *                                                                                        Lost        nobody knows
 * </pre>
 *
 * <p>Shows {@link org.keyrotation.routes.api.ManagementApiRoutes}, what it takes
 * ({@link org.keyrotation.routes.api.ApiCall}, {@link org.keyrotation.routes.api.ApiSettings}) and what it gives
 * ({@link org.keyrotation.routes.api.ApiAnswer}). Nothing outside this package knows of HTTP.
 */
@NullMarked
package org.keyrotation.routes.api;

import org.jspecify.annotations.NullMarked;
