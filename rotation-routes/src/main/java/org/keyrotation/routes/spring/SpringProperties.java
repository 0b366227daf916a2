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
 * Spring's {@code Environment}. A YAML sequence is the comma-separated text of its elements.
 *
 * <p>It is not made a source of Camel's properties: a host's context would see more of its properties than it does without us.
 */
final class SpringProperties implements ExternalProperties {

    /** Means something to Spring alone. */
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

    /** Of one source: the binder does not mix those of two profiles. */
    private String sequence(String name) {
        return String.join(
                ",",
                Binder.get(environment)
                        .bind(name, Bindable.listOf(String.class))
                        .get());
    }
}
