package org.keyrotation.routes.spring;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.keyrotation.routes.OutcomeHandler;
import org.keyrotation.routes.RotationRoutes;
import org.keyrotation.routes.api.ApiAuthProvider;
import org.keyrotation.routes.config.ExternalProperties;
import org.keyrotation.routes.config.SettingsReader;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * The auto-configuration that adds {@link RotationRoutes} to the application's Camel context. It backs off where {@code
 * rotation.enabled} is false, or if the application has a {@link RotationRoutes} bean.
 */
@AutoConfiguration(after = CamelAutoConfiguration.class)
@ConditionalOnClass(CamelAutoConfiguration.class)
public final class RotationAutoConfiguration {

    /** A bean of its own, so that an application's own {@link RotationRoutes} read the same properties. */
    @Bean("org.keyrotation.externalProperties")
    ExternalProperties rotationProperties(ConfigurableEnvironment environment) {
        return new SpringProperties(environment);
    }

    @Bean("org.keyrotation.kameletProperties")
    PropertiesSource kameletProperties(ConfigurableEnvironment environment) {
        return new KameletPropertiesSource(new SpringProperties(environment));
    }

    /**
     * Does not use a {@link java.time.Clock} bean of the application: such a clock may be fixed or offset, while the API and
     * the brokers use real time.
     */
    @Bean("org.keyrotation.rotationRoutes")
    @Conditional(Enabled.class)
    @ConditionalOnMissingBean
    RotationRoutes rotationRoutes(Optional<ApiAuthProvider> authProvider, Optional<OutcomeHandler> handler) {
        RotationRoutes routes = new RotationRoutes();
        authProvider.ifPresent(routes::authProvider);
        handler.ifPresent(routes::outcomeHandler);
        return routes;
    }

    /** Stricter than {@code @ConditionalOnProperty}, which takes {@code off} and every misspelt value for true. */
    static final class Enabled implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            String value = context.getEnvironment().getProperty(SpringProperties.ENABLED);
            SettingsReader in = SettingsReader.of(value == null ? Map.of() : Map.of(SpringProperties.ENABLED, value));
            boolean enabled = in.flag(SpringProperties.ENABLED, true);
            in.throwIfInvalid(List.of());
            return enabled;
        }
    }
}
