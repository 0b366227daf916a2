package org.keyrotation.app.page;

import static org.apache.camel.builder.endpoint.StaticEndpointBuilders.platformHttp;
import static org.apache.camel.support.DefaultHeaderFilterStrategy.CAMEL_FILTER_STARTS_WITH;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.endpoint.dsl.PlatformHttpEndpointBuilderFactory.PlatformHttpEndpointBuilder;
import org.apache.camel.support.DefaultHeaderFilterStrategy;
import org.keyrotation.routes.RotationSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of the operator's page: it shows the fleet, and changes nothing. */
public final class PageRoutes extends RouteBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(PageRoutes.class);

    private static final List<String> READING_METHODS = List.of("GET", "HEAD");
    private static final String READING = String.join(",", READING_METHODS);

    private final PageSettings settings;

    public PageRoutes(PageSettings settings) {
        this.settings = settings;
    }

    @Override
    public void configure() throws Exception {
        Views views = new Views(new TopicReader(getContext(), RotationSettings.withoutApiAuth(getContext())));
        Responses responses = new Responses();
        showProblems(views, responses);
        requireHost();
        showFleet(views, responses);
        showCredential(views, responses);
        showFailures(views, responses);
        sendAsset(responses);
        refuseOthers();
        getContext().addStartupListener(this::announce);
    }

    /** Camel calls this again for each route that starts later. */
    private void announce(CamelContext context, boolean alreadyStarted) {
        if (!alreadyStarted) {
            LOG.info("The page is at http://{}:{}/", settings.host(), settings.port());
        }
    }

    // spotless:off
    private void showProblems(Views views, Responses responses) {
        onException(PageProblemException.class)
            .handled(true)
            .transform().exchange(views::problem)
            .process(responses::render);
        onException(Exception.class)
            .handled(true)
            .log(LoggingLevel.ERROR, "The page failed: ${exception}")
            .transform().exchange(views::problem)
            .process(responses::render);
    }

    private void requireHost() {
        interceptFrom()
            .process(new HostHeaderCheck(settings));
    }

    private void showFleet(Views views, Responses responses) {
        from(page("/").httpMethodRestrict(READING)).routeId("show-fleet")
            .description("Shows the credentials that need a person first")
            .process(exchange -> exchange.getMessage().setBody(views.fleet(exchange)))
            .process(responses::render);
    }

    private void showCredential(Views views, Responses responses) {
        from(page("/credentials/{companyId}/{apiCredentialId}").httpMethodRestrict(READING)).routeId("show-credential")
            .description("Shows all that is known of one credential")
            .process(exchange -> exchange.getMessage().setBody(views.credential(exchange)))
            .process(responses::render);
    }

    private void showFailures(Views views, Responses responses) {
        from(page("/failures").httpMethodRestrict(READING)).routeId("show-failures")
            .description("Shows the failures that no key has followed")
            .process(exchange -> exchange.getMessage().setBody(views.failures(exchange)))
            .process(responses::render);
    }

    private void sendAsset(Responses responses) {
        from(page("/assets/{file}").httpMethodRestrict(READING)).routeId("send-asset")
            .description("Sends a style sheet, the script or the icon of the page")
            .process(responses::sendAsset);
    }

    private void refuseOthers() {
        from(page("/").matchOnUriPrefix(true)).routeId("refuse-others")
            .description("Refuses other paths and methods")
            .process(PageRoutes::refuse);
    }
    // spotless:on

    /** The body of a request is not read. Camel's own filter would remove Cache-Control from the response. */
    private static PlatformHttpEndpointBuilder page(String path) {
        DefaultHeaderFilterStrategy filter = new DefaultHeaderFilterStrategy();
        filter.setLowerCase(true);
        filter.setInFilterStartsWith(CAMEL_FILTER_STARTS_WITH);
        filter.setOutFilterStartsWith(CAMEL_FILTER_STARTS_WITH);
        return platformHttp(path)
                .advanced()
                .useBodyHandler(false)
                .headerFilterStrategy(filter)
                .basic();
    }

    private static void refuse(Exchange exchange) {
        String method = exchange.getMessage().getHeader(Exchange.HTTP_METHOD, String.class);
        throw READING_METHODS.contains(method)
                ? PageProblemException.notFound("The page has no such view.")
                : PageProblemException.methodNotAllowed();
    }
}
