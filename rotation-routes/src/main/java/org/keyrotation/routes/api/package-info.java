/**
 * The Management API: one call, one typed answer.
 *
 * <pre>
 * ApiCall ─► ApiRequest ─► its turn ─► address (path, sign-in; every header that came with it goes) ─► call ─► ApiResult
 *
 * Generated    a new key
 * Found        the credential
 * Listed       some of a company's
 * Refused      for good
 * Unavailable  try later
 * NotNow       not before
 * Failed       try anew
 * Lost         nobody knows
 * </pre>
 *
 * <p>A call waits for its company's turn ({@link org.keyrotation.routes.api.CompanyRateLimiter}), and is not made where that is far away.
 *
 * <p>Shows {@link org.keyrotation.routes.api.ManagementApiRoutes}, what it takes
 * ({@link org.keyrotation.routes.api.ApiCall}, which may be withdrawn by
 * {@link org.keyrotation.routes.api.CallFencedException}, {@link org.keyrotation.routes.api.CredentialListing}, {@link org.keyrotation.routes.api.ApiSettings} with its
 * {@link org.keyrotation.routes.api.ApiAuth}, and an {@link org.keyrotation.routes.api.ApiAuthProvider} of the application's) and what it gives
 * ({@link org.keyrotation.routes.api.ApiResult}). Nothing outside this package knows of HTTP.
 */
@NullMarked
package org.keyrotation.routes.api;

import org.jspecify.annotations.NullMarked;
