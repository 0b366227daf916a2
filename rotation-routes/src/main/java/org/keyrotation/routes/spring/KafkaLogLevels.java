package org.keyrotation.routes.spring;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Default log levels of a Spring Boot application. At INFO, each Kafka client prints its configuration, a thousand lines a
 * start, and how it closes its metrics. Any other source of {@code logging.level.*} overrides them.
 */
final class KafkaLogLevels implements EnvironmentPostProcessor {

    private static final Map<String, Object> LEVELS = Map.of(
            "logging.level.org.apache.kafka.clients.admin.AdminClientConfig", "warn",
            "logging.level.org.apache.kafka.clients.consumer.ConsumerConfig", "warn",
            "logging.level.org.apache.kafka.clients.producer.ProducerConfig", "warn",
            "logging.level.org.apache.kafka.common.metrics.Metrics", "warn",
            "logging.level.org.apache.kafka.common.utils.AppInfoParser", "warn");

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (!"false".equals(environment.getProperty(SpringProperties.ENABLED))) {
            environment.getPropertySources().addLast(new MapPropertySource("org.keyrotation.logLevels", LEVELS));
        }
    }
}
