package org.keyrotation.routes.kamelet;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The Camel component {@code rotated-client-keys} behind the Kamelet {@code rotated-client-keys-source}; the Kamelet's file
 * documents its options.
 */
public final class RotatedClientKeysComponent extends DefaultComponent {

    private static final String KAMELET = "rotated-client-keys-source";

    /** @throws IllegalArgumentException if a property is invalid or unknown */
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        KameletProperties.refuseUnknown(getCamelContext(), KAMELET, KeySourceSettings.NAMES);
        return new RotatedClientKeysEndpoint(uri, this, KeySourceSettings.take(remaining, parameters));
    }
}
