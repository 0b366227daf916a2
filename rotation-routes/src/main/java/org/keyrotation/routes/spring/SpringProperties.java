package org.keyrotation.routes.spring;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.config.ExternalProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The properties of Spring's {@code Environment}. The value of a YAML sequence is the comma-separated text of its elements.
 *
 * <p>They are not added to Camel's properties component: the host's context would then resolve more properties than without
 * this library.
 */
final class SpringProperties implements ExternalProperties {

    /** The switch of the auto-configuration. It is no setting of the routes. */
    static final String ENABLED = "rotation.enabled";

    private final ConfigurableEnvironment environment;

    SpringProperties(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Set<String> names() {
        return environment.getPropertySources().stream()
                .filter(source -> !(source instanceof SystemEnvironmentPropertySource))
                .flatMap(source -> source instanceof EnumerablePropertySource<?> enumerable
                        ? Stream.of(enumerable.getPropertyNames())
                        : Stream.empty())
                .map(name -> name.replaceFirst("\\[\\d+]$", ""))
                .filter(name -> !name.equals(ENABLED))
                .collect(Collectors.toSet());
    }

    @Override
    public @Nullable String get(String name) {
        return environment.containsProperty(name + "[0]") ? sequence(name) : environment.getProperty(name);
    }

    /** Binds the elements of one property source: the binder does not mix the sequences of two profiles. */
    private String sequence(String name) {
        return String.join(
                ",",
                Binder.get(environment)
                        .bind(name, Bindable.listOf(String.class))
                        .get());
    }
}
