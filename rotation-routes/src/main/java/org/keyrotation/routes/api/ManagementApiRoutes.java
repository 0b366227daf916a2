package org.keyrotation.routes.api;

import static org.apache.camel.Exchange.HTTP_RESPONSE_CODE;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.apache.camel.health.HealthCheckRegistry;
import org.keyrotation.model.GenerateClientKeyResponse;

/** Calls the Management API once, and tells what came of it. It never throws on account of the API. */
public final class ManagementApiRoutes extends EndpointRouteBuilder {

    /** Body in: an {@link ApiCall}. Body out: an {@link ApiAnswer}. Headers: none survive. */
    public static final String GENERATE_CLIENT_KEY = "rotation-generate-client-key";

    private static final String READ_KEY = "rotation-read-client-key";
    private static final String COMPONENT = "rotation-management-api";

    private final ApiSettings settings;
    private final MeterRegistry meters;

    public ManagementApiRoutes(ApiSettings settings, MeterRegistry meters) {
        this.settings = settings;
        this.meters = meters;
    }

    @Override
    public void configure() {
        SignIns signIns = new SignIns(settings);
        getContext().addComponent(COMPONENT, ApiHttp.component(settings, meters));
        HealthCheckRegistry.get(getContext()).register(signIns);

        onException(MissingSignInException.class).handled(true).transform().exchange(Answers::missingSignIn);
        onException(Exception.class).handled(true).transform().exchange(Answers::withoutAnswer);
        generateClientKey(signIns);
        readKey();
    }

    private void generateClientKey(SignIns signIns) {
        from(direct(GENERATE_CLIENT_KEY))
                .routeId("generate-client-key")
                .description("Calls generateClientKey once")
                .process(new Address(signIns))
                .id("address-management-api")
                .to(http(COMPONENT, settings.baseUrl().toString()).throwExceptionOnFailure(false))
                .id("call-management-api")
                .process(signIns::note)
                .choice()
                .when(header(HTTP_RESPONSE_CODE).isEqualTo(200))
                .to(direct(READ_KEY))
                .otherwise()
                .transform()
                .message(Answers::problem);
    }

    private void readKey() {
        from(direct(READ_KEY))
                .routeId("read-client-key")
                .description("Reads the new key from the answer")
                .unmarshal(new AnswerFormat(GenerateClientKeyResponse.class))
                .id("unmarshal-client-key")
                .transform()
                .body(GenerateClientKeyResponse.class, Answers::generated);
    }
}
