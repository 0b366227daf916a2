package org.keyrotation.routes.examples;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.RotationRoutes;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.api.ApiAuth;
import org.keyrotation.routes.config.ExternalProperties;

final class Extensions {

    interface Vault {
        String read(String path);
    }

    private Extensions() {}

    static RotationRoutes extended(Vault vault, List<RotationOutcome> audit, Clock clock) {
        return new RotationRoutes()
                .authProvider(company -> ApiAuth.apiKey(vault.read("adyen/" + company)))
                .outcomeHandler(outcome -> audit.add(outcome))
                .clock(clock);
    }

    static RotationRoutes configured() {
        return new RotationRoutes(RotationSettings.of(Map.of("rotation.api.key", "…")));
    }

    static void bindSettings(CamelContext camelContext, Map<String, String> settings) {
        camelContext.getRegistry().bind("settings", new ExternalProperties() {
            @Override
            public Set<String> names() {
                return settings.keySet();
            }

            @Override
            public @Nullable String get(String name) {
                return settings.get(name);
            }
        });
    }

    static void addTwo(CamelContext camelContext) throws Exception {
        camelContext.addRoutes(new RotationRoutes()); // rotation.api.key=…, direct:rotate-client-key
        camelContext.addRoutes(RotationRoutes.withPrefix("live")); // live.api.key=…, direct:live-rotate-client-key
    }
}
