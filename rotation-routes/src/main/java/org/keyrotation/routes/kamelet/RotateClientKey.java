package org.keyrotation.routes.kamelet;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.HashMap;
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
 * The bean of the Kamelet {@code rotate-client-key-action}; the Kamelet's file documents it. It starts and stops with the
 * Kamelet's route.
 *
 * <p>The Kamelet rotates at once, like {@link RotationRoutes#ROTATE_CLIENT_KEY}, from any number of instances.
 */
public final class RotateClientKey extends ServiceSupport implements CamelContextAware, Processor {

    static final String OUTCOME = "rotationOutcome";

    private static final String KAMELET = "rotate-client-key-action";

    private final Map<String, String> properties = new ConcurrentHashMap<>();
    private @Nullable String routeId;
    private @Nullable CamelContext host;
    private @Nullable CredentialId credential;
    private @Nullable IsolatedCamelContext routes;

    /** Returns the map into which Camel puts the Kamelet's properties, except the secrets, by the names in its file. */
    public Map<String, String> getProperties() {
        return properties;
    }

    /** Sets the id of the Kamelet's route, which has the secrets. */
    public void setRouteId(String id) {
        routeId = id;
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return host;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        host = context;
    }

    /** @throws IllegalArgumentException with all invalid properties, never with the value of a secret */
    @Override
    protected void doStart() throws Exception {
        KameletProperties.refuseUnknown(requireNonNull(host), KAMELET, KameletProperties.known());
        Map<String, String> all = new HashMap<>(properties);
        all.putAll(KameletProperties.secrets(requireNonNull(host), requireNonNull(routeId)));
        KameletProperties values = new KameletProperties(all);
        credential = values.credential();
        try {
            routes = IsolatedCamelContext.start(
                    requireNonNull(host), values.bootstrapServers(), new RotationRoutes(values.settings()));
        } catch (InvalidSettingsException e) {
            throw KameletProperties.translate(e);
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
        Object body = outcome;
        if (outcome instanceof RotationOutcome.Rotated rotated) {
            body = rotated.event();
        } else if (outcome instanceof RotationOutcome.Failed failed) {
            body = failed.event();
        }
        return Json.mapper().writeValueAsString(body);
    }
}
