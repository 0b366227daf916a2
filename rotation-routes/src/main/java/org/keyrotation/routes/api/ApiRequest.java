package org.keyrotation.routes.api;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.hc.core5.net.PercentCodec;
import org.keyrotation.model.CredentialId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP request to the API, without its authentication.
 *
 * @param method as text: camel-vertx-http takes any other type for GET
 * @param path below the base URL, percent-encoded
 * @param headers those of this request alone
 * @param maxPermitWait the longest wait for a permit of the rate limiter
 * @param renewal renews the right to send it, once the request has its permits
 * @param isAllowed checked just before the first byte is sent
 * @see <a
 *     href="https://docs.adyen.com/api-explorer/Management/3/post/companies/(companyId)/apiCredentials/(apiCredentialId)/generateClientKey">Generate
 *     new client key</a>
 * @see <a
 *     href="https://docs.adyen.com/api-explorer/Management/3/get/companies/(companyId)/apiCredentials/(apiCredentialId)">Get
 *     an API credential</a>
 * @see <a href="https://docs.adyen.com/api-explorer/Management/3/get/companies/(companyId)/apiCredentials">Get a list of
 *     API credentials</a>
 * @see <a href="https://docs.adyen.com/api-explorer/Management/3/get/me">Get API credential details</a>
 */
record ApiRequest(
        String companyId,
        String method,
        String path,
        Map<String, Object> headers,
        Duration maxPermitWait,
        Supplier<CompletableFuture<?>> renewal,
        BooleanSupplier isAllowed) {

    private static final Logger LOG = LoggerFactory.getLogger(ApiRequest.class);
    private static final String GET = "GET";
    private static final String POST = "POST";

    /** An unconditional request to read. */
    ApiRequest(String companyId, String path, Map<String, Object> headers) {
        this(companyId, GET, path, headers, CompanyRateLimiter.MAX_PERMIT_WAIT, ApiRequest::nothingToRenew, () -> true);
    }

    /** Completes with this request when its right is renewed, or cannot be: {@link #requireAllowed} decides. */
    CompletableFuture<ApiRequest> renewed() {
        try {
            return renewal.get().handle((renewed, failure) -> this);
        } catch (RuntimeException | Error e) { // an unreadable ledger entry, for example
            LOG.debug("Failed to renew the right to send a call: {}", e.toString());
            return CompletableFuture.completedFuture(this);
        }
    }

    /**
     * Checks whether the call may be sent. A check that fails confirms nothing either.
     *
     * @throws CallFencedException if it may not
     */
    void requireAllowed() {
        boolean allowed;
        try {
            allowed = isAllowed.getAsBoolean();
        } catch (RuntimeException | Error e) { // Vert.x would drop an error, and the call would never end
            LOG.debug("Failed to check whether a call may be sent: {}", e.toString());
            allowed = false;
        }
        if (!allowed) {
            throw new CallFencedException();
        }
    }

    static ApiRequest generateClientKey(ApiCall call) {
        return new ApiRequest(
                call.credential().companyId(),
                POST,
                path(call.credential()) + "/generateClientKey",
                Map.of("Idempotency-Key", call.idempotencyKey()),
                call.maxPermitWait(),
                call::renewBeforeGeneration,
                call::isGenerationAllowed);
    }

    static ApiRequest readCredential(ApiCall call) {
        return new ApiRequest(
                call.credential().companyId(),
                GET,
                path(call.credential()),
                Map.of(),
                call.maxPermitWait(),
                ApiRequest::nothingToRenew,
                call::isStillOwned);
    }

    static ApiRequest listCredentials(CredentialListing listing) {
        String query = "pageNumber=%d&pageSize=%d".formatted(listing.page(), CredentialListing.PAGE_SIZE);
        return new ApiRequest(listing.companyId(), path(listing.companyId()), Map.of(Exchange.HTTP_QUERY, query));
    }

    static ApiRequest readOwnCredential(String companyId) {
        return new ApiRequest(companyId, "/me", Map.of());
    }

    private static CompletableFuture<?> nothingToRenew() {
        return CompletableFuture.completedFuture(null);
    }

    private static String path(CredentialId credential) {
        return path(credential.companyId()) + "/" + PercentCodec.RFC3986.encode(credential.apiCredentialId());
    }

    private static String path(String companyId) {
        return "/companies/" + PercentCodec.RFC3986.encode(companyId) + "/apiCredentials";
    }
}
