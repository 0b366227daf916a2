package org.keyrotation.routes.api;

import static org.apache.camel.Exchange.HTTP_RESPONSE_CODE;
import static org.apache.camel.builder.endpoint.StaticEndpointBuilders.http;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.health.HealthCheckRegistry;
import org.keyrotation.model.ApiCredential;
import org.keyrotation.model.ApiCredentialPage;
import org.keyrotation.model.GenerateClientKeyResponse;
import org.keyrotation.routes.camel.FutureProcessor;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.camel.SwitchThread;
import org.keyrotation.routes.camel.ThreadPools;

/**
 * The routes to the Management API: one message is one HTTP call, and becomes one {@link ApiResult}. They throw only {@link
 * CallFencedException}; every other failure is a result.
 */
public final class ManagementApiRoutes extends PrefixedRoutes {

    /** Body in: an {@link ApiCall}. Body out: an {@link ApiResult}. Removes all headers. */
    public static final String GENERATE_CLIENT_KEY = "generate-client-key";

    /** Body in: an {@link ApiCall}. Body out: an {@link ApiResult}. Removes all headers. */
    public static final String READ_CREDENTIAL = "read-credential";

    /** Body in: a {@link CredentialListing}. Body out: an {@link ApiResult}. Removes all headers. */
    public static final String LIST_CREDENTIALS = "list-credentials";

    /**
     * Body in: the companyId whose authentication is used. Body out: an {@link ApiResult}. The headers are those of the
     * response.
     */
    static final String READ_OWN_CREDENTIAL = "read-own-credential";

    private static final String CALL = "call-management-api";
    private static final String COMPONENT = "management-api";

    private final ApiSettings settings;
    private final MeterRegistry meters;
    private final ThreadPools pools;
    private final CompanyRateLimiter rateLimiter;
    private final ApiAuthenticator authenticator;
    private final ApiAuthHealthCheck authHealth;
    private final CallBulkhead bulkhead;

    public ManagementApiRoutes(
            Prefix prefix,
            ApiSettings settings,
            ApiAuthProvider authProvider,
            CompanyRateLimiter rateLimiter,
            MeterRegistry meters,
            ThreadPools pools) {
        super(prefix);
        this.pools = pools;
        this.rateLimiter = rateLimiter;
        this.settings = settings;
        this.meters = meters;
        this.authenticator = new ApiAuthenticator(prefix, settings, authProvider);
        this.authHealth = new ApiAuthHealthCheck(prefix, authenticator, meters);
        this.bulkhead = CallBulkhead.of(settings, pools.routing());
    }

    @Override
    protected void routes() {
        getContext().addComponent(prefix().id(COMPONENT), ApiHttp.component(settings, new ApiMeters(meters), pools));
        HealthCheckRegistry.get(getContext()).register(authHealth);

        turnFailuresIntoResults();
        generateClientKey();
        readCredential();
        listCredentials();
        readOwnCredential();
        callManagementApi();
    }

    /**
     * Handles errors of all routes except {@link #CALL}: a fenced call fails its caller, and any other failure becomes an
     * {@link ApiResult}. {@link #CALL} has no error handler, so its failures reach the route that calls it.
     */
    private void turnFailuresIntoResults() {
        onException(CallFencedException.class).maximumRedeliveries(0).logExhausted(false);
        onException(Exception.class)
                .handled(true)
                .removeHeaders("*") // those of the request hold the authentication
                .transform()
                .exchange(ResponseMapper::failedCall);
    }

    // spotless:off
    private void generateClientKey() {
        from(direct(GENERATE_CLIENT_KEY)).routeId("generate-client-key").errorHandler(defaultErrorHandler())
            .description("Generates a client key")
            .transform().body(ApiCall.class, ApiRequest::generateClientKey)
            .to(direct(CALL))
            .filter(isOk())
                .unmarshal(new ResponseFormat(GenerateClientKeyResponse.class))
            .end()
            .transform().message(ResponseMapper::keyGenerated);
    }

    private void readCredential() {
        from(direct(READ_CREDENTIAL)).routeId("read-api-credential").errorHandler(defaultErrorHandler())
            .description("Reads an API credential and its client key")
            .transform().body(ApiCall.class, ApiRequest::readCredential)
            .to(direct(CALL))
            .filter(isOk())
                .unmarshal(new ResponseFormat(ApiCredential.class))
            .end()
            .transform().message(ResponseMapper::credentialRead);
    }

    private void listCredentials() {
        from(direct(LIST_CREDENTIALS)).routeId("list-api-credentials").errorHandler(defaultErrorHandler())
            .description("Reads one page of a company's API credentials")
            .transform().body(CredentialListing.class, ApiRequest::listCredentials)
            .to(direct(CALL))
            .filter(isOk())
                .unmarshal(new ResponseFormat(ApiCredentialPage.class))
            .end()
            .transform().message(ResponseMapper::credentialPage);
    }

    private void readOwnCredential() {
        from(direct(READ_OWN_CREDENTIAL)).routeId("read-own-credential").errorHandler(defaultErrorHandler())
            .description("Reads the API credential that authenticates the calls about a company")
            .transform().body(String.class, ApiRequest::readOwnCredential)
            .to(direct(CALL))
            .filter(isOk())
                .unmarshal(new ResponseFormat(ApiCredential.class))
            .end()
            .transform().message(ResponseMapper::credentialRead);
    }

    private void callManagementApi() {
        from(direct(CALL)).routeId("call-management-api")
            .description("Waits for a permit, renews the right to call, makes the HTTP call, and records its status for rate limit and health")
            .process(new FutureProcessor<>(ApiRequest.class, this::acquirePermit))
            .policy(bulkhead)
                .process(new FutureProcessor<>(ApiRequest.class, ApiRequest::renewed))
                .process(continueWhereItMayBlock())
                .process(new RequestHeaders(authenticator, rateLimiter)::setHeaders).id("address")
                .to(http(prefix().id(COMPONENT), settings.baseUrl().toString()).throwExceptionOnFailure(false))
                    .id("management-api")
                .process(this::recordResponse);
    }
    // spotless:on

    private CompletableFuture<ApiRequest> acquirePermit(ApiRequest request) {
        return rateLimiter
                .acquirePermit(request.companyId(), request.maxPermitWait())
                .thenApply(permit -> request);
    }

    /** Calls of camel-http block, and an application's ApiAuthProvider may. */
    private Processor continueWhereItMayBlock() {
        return settings.httpClient() == ApiHttpClient.HTTP || authenticator.isFromApplication()
                ? new SwitchThread(pools.blocking())
                : exchange -> {};
    }

    private void recordResponse(Exchange exchange) {
        authHealth.recordResponse(exchange);
        rateLimiter.recordResponse(exchange);
    }

    private Predicate isOk() {
        return header(HTTP_RESPONSE_CODE).isEqualTo(200);
    }
}
