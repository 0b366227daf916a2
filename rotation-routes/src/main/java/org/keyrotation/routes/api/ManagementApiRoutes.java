package org.keyrotation.routes.api;

import static org.apache.camel.Exchange.HTTP_RESPONSE_CODE;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.Predicate;
import org.apache.camel.health.HealthCheckRegistry;
import org.keyrotation.model.ApiCredential;
import org.keyrotation.model.ApiCredentialPage;
import org.keyrotation.model.GenerateClientKeyResponse;
import org.keyrotation.routes.prefix.Prefix;
import org.keyrotation.routes.prefix.PrefixedRoutes;

/**
 * Calls the Management API once, and tells what came of it. It never throws on account of the API, and {@link
 * CallWithdrawnException} where the call may not be made any more.
 */
public final class ManagementApiRoutes extends PrefixedRoutes {

    /** Body in: an {@link ApiCall}. Body out: an {@link ApiAnswer}. Headers: none survive. */
    public static final String GENERATE_CLIENT_KEY = "generate-client-key";

    /** Body in: an {@link ApiCall}. Body out: an {@link ApiAnswer}. Headers: none survive. */
    public static final String READ_CREDENTIAL = "read-credential";

    /** Body in: a {@link CredentialListing}. Body out: an {@link ApiAnswer}. Headers: none survive. */
    public static final String LIST_CREDENTIALS = "list-credentials";

    private static final String UNMARSHAL_PAGE = "unmarshal-credential-page";
    private static final String UNMARSHAL_KEY = "unmarshal-client-key";
    private static final String UNMARSHAL_CREDENTIAL = "unmarshal-credential";
    private static final String CALL = "call-management-api";
    private static final String COMPONENT = "management-api";

    private final ApiSettings settings;
    private final MeterRegistry meters;
    private final SignIns signIns;

    public ManagementApiRoutes(Prefix prefix, ApiSettings settings, ApiAuthSource signIns, MeterRegistry meters) {
        super(prefix);
        this.settings = settings;
        this.meters = meters;
        this.signIns = new SignIns(prefix, settings, signIns);
    }

    @Override
    protected void routes() {
        getContext().addComponent(prefix().of(COMPONENT), ApiHttp.component(settings, meters));
        HealthCheckRegistry.get(getContext()).register(signIns);

        onException(CallWithdrawnException.class).maximumRedeliveries(0).logExhausted(false);
        onException(MissingSignInException.class).handled(true).transform().exchange(Answers::missingSignIn);
        onException(Exception.class).handled(true).transform().exchange(Answers::withoutAnswer);
        generateClientKey();
        unmarshalClientKey();
        readCredential();
        unmarshalCredential();
        listCredentials();
        unmarshalCredentialPage();
        callManagementApi();
    }

    private void generateClientKey() {
        from(direct(GENERATE_CLIENT_KEY))
                .routeId("generate-client-key")
                .description("Calls generateClientKey once")
                .process(new Address(signIns)::generateClientKey)
                .id("address-generate-client-key")
                .to(direct(CALL))
                .choice()
                .when(ok())
                .to(direct(UNMARSHAL_KEY))
                .otherwise()
                .transform()
                .message(Answers::problem);
    }

    private void unmarshalClientKey() {
        from(direct(UNMARSHAL_KEY))
                .routeId("unmarshal-client-key")
                .description("Reads the new key from the answer")
                .unmarshal(new AnswerFormat(GenerateClientKeyResponse.class))
                .transform()
                .body(GenerateClientKeyResponse.class, Answers::generated);
    }

    private void readCredential() {
        from(direct(READ_CREDENTIAL))
                .routeId("read-api-credential")
                .description("Reads one API credential, its client key among it")
                .process(new Address(signIns)::readCredential)
                .id("address-read-credential")
                .to(direct(CALL))
                .choice()
                .when(ok())
                .to(direct(UNMARSHAL_CREDENTIAL))
                .otherwise()
                .transform()
                .message(Answers::problem);
    }

    private void unmarshalCredential() {
        from(direct(UNMARSHAL_CREDENTIAL))
                .routeId("unmarshal-credential")
                .description("Reads the credential from the answer")
                .unmarshal(new AnswerFormat(ApiCredential.class))
                .transform()
                .body(ApiCredential.class, ApiAnswer.Found::new);
    }

    private void listCredentials() {
        from(direct(LIST_CREDENTIALS))
                .routeId("list-api-credentials")
                .description("Reads one page of the API credentials of a company")
                .process(new Address(signIns)::listCredentials)
                .to(direct(CALL))
                .choice()
                .when(ok())
                .to(direct(UNMARSHAL_PAGE))
                .otherwise()
                .transform()
                .message(Answers::problem);
    }

    private void unmarshalCredentialPage() {
        from(direct(UNMARSHAL_PAGE))
                .routeId("unmarshal-credential-page")
                .description("Reads which credentials there are from the answer")
                .unmarshal(new AnswerFormat(ApiCredentialPage.class))
                .transform()
                .body(ApiCredentialPage.class, ApiAnswer.Listed::new);
    }

    private void callManagementApi() {
        from(direct(CALL))
                .errorHandler(noErrorHandler())
                .routeId("call-management-api")
                .description("Makes the call, and notes whether its sign-in was taken")
                .process(LastCheck::prepare)
                .to(http(prefix().of(COMPONENT), settings.baseUrl().toString()).throwExceptionOnFailure(false))
                .id("management-api")
                .process(signIns::note);
    }

    private Predicate ok() {
        return header(HTTP_RESPONSE_CODE).isEqualTo(200);
    }
}
