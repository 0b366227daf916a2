package org.keyrotation.routes.spring;

import org.keyrotation.routes.config.InvalidSettingsException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with the settings, in place of a stack trace. */
final class InvalidSettingsFailureAnalyzer extends AbstractFailureAnalyzer<InvalidSettingsException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, InvalidSettingsException cause) {
        return new FailureAnalysis(
                "The client keys cannot be rotated with these settings:%n%n%s".formatted(cause.getMessage()),
                "Change them in your application's configuration; the README of key-rotation has a table of all."
                        + " camel.component.kafka.* needs camel-kafka-starter on the class path. With"
                        + " rotation.enabled=false, nothing is rotated here.",
                cause);
    }
}
