package org.keyrotation.routes.publish;

import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.config.ApplicationCallbacks;
import org.keyrotation.routes.config.SettingsReader;

/**
 * Settings of the topics of outcomes.
 *
 * @param enabled whether keys, failures and satisfied requests are published
 * @param keysTopic the topic of new keys
 * @param failuresTopic the topic of failures
 * @param satisfiedTopic the topic of satisfied requests
 * @param isDeferring whether a request that cannot be completed now waits on a retry topic; otherwise its caller retries
 */
public record PublishSettings(
        boolean enabled, String keysTopic, String failuresTopic, String satisfiedTopic, boolean isDeferring) {

    private static final String ENABLED = "rotation.publish.enabled";

    /** Reads the settings of the outcome topics. The reader collects invalid ones as problems. */
    public static PublishSettings read(SettingsReader in, boolean isIntakeEnabled, ApplicationCallbacks callbacks) {
        boolean enabled = in.flag(ENABLED, true);
        PublishSettings settings = new PublishSettings(
                enabled,
                in.topic("rotation.topics.keys", "rotation.keys"),
                in.topic("rotation.topics.failures", "rotation.failures"),
                in.topic("rotation.topics.satisfied", "rotation.satisfied"),
                isIntakeEnabled || enabled);
        settings.validate(in, isIntakeEnabled, callbacks);
        return settings;
    }

    /** Returns the topic of an outcome that has an event. */
    String topicOf(RotationOutcome outcome) {
        if (outcome instanceof RotationOutcome.Rotated) {
            return keysTopic;
        }
        return outcome instanceof RotationOutcome.Failed ? failuresTopic : satisfiedTopic;
    }

    /** Adds a problem if the outcomes of the requests topic reach neither a topic nor the application. */
    public void validate(SettingsReader in, boolean isIntakeEnabled, ApplicationCallbacks callbacks) {
        if (isIntakeEnabled && !enabled && !callbacks.hasOutcomeHandler()) {
            in.problem(
                    ENABLED,
                    "invalid value 'false', outcomes of the requests topic would be lost",
                    "true, or false with rotation.intake.enabled=false or with an OutcomeHandler");
        }
    }
}
