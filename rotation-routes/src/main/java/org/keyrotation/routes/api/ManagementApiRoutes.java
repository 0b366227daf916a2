package org.keyrotation.routes.api;

import static org.apache.camel.Exchange.HTTP_RESPONSE_CODE;
import static org.apache.camel.builder.endpoint.StaticEndpointBuilders.http;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
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
 * Calls the Management API once, and tells what came of it. It never throws on account of the API, and {@link
 * CallFencedException} where the call may not be made any more.
 */
public final class ManagementApiRoutes extends PrefixedRoutes {

    /** Body in: an {@link ApiCall}. Body out: an {@link ApiResult}. Headers: none survive. */
    public static final String GENERATE_CLIENT_KEY = "generate-client-key";

    /** Body in: an {@link ApiCall}. Body out: an {@link ApiResult}. Headers: none survive. */
    public static final String READ_CREDENTIAL = "read-credential";

    /** Body in: a {@link CredentialListing}. Body out: an {@link ApiResult}. Headers: none survive. */
    public static final String LIST_CREDENTIALS = "list-credentials";

    private static final String CALL = "call-management-api";
    private static final String COMPONENT = "management-api";

    private final ApiSettings settings;
    private final MeterRegistry meters;
    private final ThreadPools threads;
    private final CompanyRateLimiter pace;
    private final ApiAuthenticator signIns;
    private final CallBulkhead callsAtOnce;

    public ManagementApiRoutes(
            Prefix prefix,
            ApiSettings settings,
            ApiAuthProvider signIns,
            CompanyRateLimiter pace,
            MeterRegistry meters,
            ThreadPools threads) {
        super(prefix);
        this.threads = threads;
        this.pace = pace;
        this.settings = settings;
        this.meters = meters;
        this.signIns = new ApiAuthenticator(prefix, settings, signIns);
        this.callsAtOnce = new CallBulkhead(settings.maxInFlight(), threads.routing());
    }

    @Override
    protected void routes() {
        getContext().addComponent(prefix().id(COMPONENT), ApiHttp.component(settings, meters));
        HealthCheckRegistry.get(getContext()).register(signIns);

        onException(CallFencedException.class).maximumRedeliveries(0).logExhausted(false);
        onException(MissingApiAuthException.class).handled(true).transform().exchange(ResponseMapper::missingSignIn);
        onException(Exception.class).handled(true).transform().exchange(ResponseMapper::withoutAnswer);
        generateClientKey();
        readCredential();
        listCredentials();
        callManagementApi();
    }

    private void generateClientKey() {
        from(direct(GENERATE_CLIENT_KEY))
                .errorHandler(defaultErrorHandler())
                .routeId("generate-client-key")
                .description("Calls generateClientKey once")
                .transform()
                .body(ApiCall.class, ApiRequest::generateClientKey)
                .to(direct(CALL))
                .filter(ok())
                .unmarshal(new ResponseFormat(GenerateClientKeyResponse.class))
                .end()
                .transform()
                .message(ResponseMapper::generated);
    }

    private void readCredential() {
        from(direct(READ_CREDENTIAL))
                .errorHandler(defaultErrorHandler())
                .routeId("read-api-credential")
                .description("Reads one API credential, its client key among it")
                .transform()
                .body(ApiCall.class, ApiRequest::readCredential)
                .to(direct(CALL))
                .filter(ok())
                .unmarshal(new ResponseFormat(ApiCredential.class))
                .end()
                .transform()
                .message(ResponseMapper::found);
    }

    private void listCredentials() {
        from(direct(LIST_CREDENTIALS))
                .errorHandler(defaultErrorHandler())
                .routeId("list-api-credentials")
                .description("Reads one page of the API credentials of a company")
                .transform()
                .body(CredentialListing.class, ApiRequest::listCredentials)
                .to(direct(CALL))
                .filter(ok())
                .unmarshal(new ResponseFormat(ApiCredentialPage.class))
                .end()
                .transform()
                .message(ResponseMapper::listed);
    }

    private void callManagementApi() {
        from(direct(CALL))
                .routeId("call-management-api")
                .description("Makes the call when it is its turn, and notes what the answer says of sign-in and pace")
                .process(new FutureProcessor<>(ApiRequest.class, this::inTurn))
                .policy(callsAtOnce)
                .process(new SwitchThread(threads.blocking()))
                .process(new RequestHeaders(signIns, pace)::address)
                .id("address")
                .to(http(prefix().id(COMPONENT), settings.baseUrl().toString()).throwExceptionOnFailure(false))
                .id("management-api")
                .process(new SwitchThread(threads.routing()))
                .process(this::note);
    }

    private CompletableFuture<ApiRequest> inTurn(ApiRequest request) {
        return pace.turn(request.companyId(), request.longestWait()).thenApply(itsTurn -> request);
    }

    private void note(Exchange answered) {
        signIns.note(answered);
        pace.note(answered);
    }

    private Predicate ok() {
        return header(HTTP_RESPONSE_CODE).isEqualTo(200);
    }
}
