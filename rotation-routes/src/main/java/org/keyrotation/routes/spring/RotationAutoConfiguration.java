package org.keyrotation.routes.spring;

import java.util.Optional;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.keyrotation.routes.OutcomeHandler;
import org.keyrotation.routes.RotationRoutes;
import org.keyrotation.routes.api.ApiAuthProvider;
import org.keyrotation.routes.config.ExternalProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Adds {@link RotationRoutes} to the application's Camel context, unless {@code rotation.enabled} is false or the
 * application has some of its own.
 */
@AutoConfiguration(after = CamelAutoConfiguration.class)
@ConditionalOnClass(CamelAutoConfiguration.class)
public final class RotationAutoConfiguration {

    /** For the application's own routes too. */
    @Bean("org.keyrotation.hostProperties")
    ExternalProperties rotationProperties(ConfigurableEnvironment environment) {
        return new SpringProperties(environment);
    }

    /**
     * A {@link java.time.Clock} of the application is not taken: it may be one that stands still, and the API and the brokers
     * have no other than the real one.
     */
    @Bean("org.keyrotation.rotationRoutes")
    @ConditionalOnProperty(name = SpringProperties.ENABLED, matchIfMissing = true)
    @ConditionalOnMissingBean
    RotationRoutes rotationRoutes(Optional<ApiAuthProvider> signIns, Optional<OutcomeHandler> handler) {
        RotationRoutes routes = new RotationRoutes();
        signIns.ifPresent(routes::authProvider);
        handler.ifPresent(routes::outcomeHandler);
        return routes;
    }
}
