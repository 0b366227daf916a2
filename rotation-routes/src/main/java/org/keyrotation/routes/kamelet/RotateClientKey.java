package org.keyrotation.routes.kamelet;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.RotationRoutes;
import org.keyrotation.routes.config.InvalidSettingsException;

/**
 * The bean of the Kamelet {@code rotate-client-key-action}, which its file documents. Starts and stops with the Kamelet's
 * route. Whoever rotates at once gives up the single writer of a credential: see {@link
 * RotationRoutes#ROTATE_CLIENT_KEY}.
 */
public final class RotateClientKey extends ServiceSupport implements CamelContextAware, Processor {

    static final String OUTCOME = "rotationOutcome";

    private final Map<String, String> properties = new ConcurrentHashMap<>();
    private @Nullable CamelContext host;
    private @Nullable CredentialId credential;
    private @Nullable IsolatedCamelContext routes;

    /** For Camel to put the Kamelet's properties into, by their names in its file. */
    public Map<String, String> getProperties() {
        return properties;
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return host;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        host = context;
    }

    /** @throws IllegalArgumentException with every property that cannot be used; never the value of a secret */
    @Override
    protected void doStart() throws Exception {
        KameletProperties.refuseUnknown(requireNonNull(host));
        KameletProperties given = new KameletProperties(properties);
        credential = given.credential();
        try {
            routes = IsolatedCamelContext.start(requireNonNull(host), given.bootstrapServers(), given.settings());
        } catch (InvalidSettingsException e) {
            throw KameletProperties.told(e);
        }
    }

    @Override
    protected void doStop() {
        if (routes != null) {
            routes.close();
        }
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        RotationOutcome outcome = requireNonNull(routes).rotate(request(message));
        message.setBody(json(outcome));
        message.setHeader(OUTCOME, outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    }

    private RotationRequest request(Message message) {
        if (credential != null) {
            return RotationRequest.of(credential);
        }
        return message.getBody() instanceof RotationRequest request
                ? request
                : RotationRequest.read(message.getBody(byte[].class));
    }

    private static String json(RotationOutcome outcome) throws JsonProcessingException {
        Object told = outcome;
        if (outcome instanceof RotationOutcome.Rotated rotated) {
            told = rotated.event();
        } else if (outcome instanceof RotationOutcome.Failed failed) {
            told = failed.event();
        }
        return Json.mapper().writeValueAsString(told);
    }
}
