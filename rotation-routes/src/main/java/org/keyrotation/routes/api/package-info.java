/**
 * The Management API client: one call, one typed result.
 *
 * <pre>
 * ApiCall ─► ApiRequest ─► permit ─► bulkhead ─► renewal ─► request headers ─► HTTP ─► response ─► ApiResult
 *                          (rate     (calls in   (of its    (path, auth; all
 *                           limit)    flight)     right)     others removed)
 *
 * HTTP is the component of the chosen client; all else is the same for both:
 * HttpApiComponent    camel-http: a call occupies a thread of the blocking pool
 * VertxApiComponent   camel-vertx-http: a call occupies no thread, and continues on the routing pool
 *
 * ApiResult        means
 * KeyGenerated     a new client key
 * CredentialRead   the credential
 * CredentialPage   a page of a company's credentials
 * Rejected         a definite error of the API: a retry gets the same one
 * Inconclusive     any of the following
 *   Retryable        retry later: unavailable, a transient error, or not the API's word (no errorCode, or from a proxy)
 *   RateLimited      retry after the given delay
 *   ServerError      retry later, with a new Idempotency-Key once the read-back has found the previous key
 *   UnknownOutcome   no usable response: the API may have executed the call
 * </pre>
 *
 * <p>A call waits for a permit of its company's {@link org.keyrotation.routes.api.CompanyRateLimiter}. It is not made if
 * that wait is too long, or if its caller has lost the partition ({@link
 * org.keyrotation.routes.api.CallFencedException}). The caller renews a right that has lapsed while the call waited.
 *
 * <p>{@link org.keyrotation.routes.api.CredentialLister} pages through a company's list, and reads the {@link
 * org.keyrotation.routes.api.CredentialState} of each credential, and the {@link org.keyrotation.routes.api.OwnCredential} that
 * authenticates the calls.
 *
 * <p>Public types: {@link org.keyrotation.routes.api.ManagementApiRoutes}; their input {@link
 * org.keyrotation.routes.api.ApiCall} and {@link org.keyrotation.routes.api.CredentialListing}; their output {@link
 * org.keyrotation.routes.api.ApiResult}; {@link org.keyrotation.routes.api.ApiSettings} with its {@link
 * org.keyrotation.routes.api.ApiAuth} and {@link org.keyrotation.routes.api.ApiHttpClient}; the application's {@link
 * org.keyrotation.routes.api.ApiAuthProvider}; {@link org.keyrotation.routes.api.TlsConfigValidator}. HTTP stays inside this package.
 */
@NullMarked
package org.keyrotation.routes.api;

import org.jspecify.annotations.NullMarked;
