package org.keyrotation.routes.spring;

import org.keyrotation.routes.config.InvalidSettingsException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A failure analyzer of Spring Boot: it prints the problems of the settings in place of a stack trace. */
final class InvalidSettingsFailureAnalyzer extends AbstractFailureAnalyzer<InvalidSettingsException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, InvalidSettingsException cause) {
        return new FailureAnalysis(
                "Client key rotation cannot start with these settings:%n%n%s".formatted(cause.getMessage()),
                "Correct them in your application's configuration; the README of key-rotation lists all properties."
                        + " camel.component.kafka.* needs camel-kafka-starter on the class path."
                        + " rotation.enabled=false disables client key rotation in this application.",
                cause);
    }
}
