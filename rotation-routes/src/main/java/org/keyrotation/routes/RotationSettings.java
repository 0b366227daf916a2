package org.keyrotation.routes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.keyrotation.routes.adoption.AdoptionSettings;
import org.keyrotation.routes.api.ApiSettings;
import org.keyrotation.routes.api.TlsConfigValidator;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.config.ApplicationCallbacks;
import org.keyrotation.routes.config.InvalidSettingsException;
import org.keyrotation.routes.config.SettingsReader;
import org.keyrotation.routes.drift.DriftSettings;
import org.keyrotation.routes.intake.IntakeSettings;
import org.keyrotation.routes.kafka.KafkaConfigValidator;
import org.keyrotation.routes.ledger.LedgerSettings;
import org.keyrotation.routes.publish.PublishSettings;
import org.keyrotation.routes.retry.RetrySettings;
import org.keyrotation.routes.rotate.RotateSettings;
import org.keyrotation.routes.schedule.ScheduleSettings;
import org.keyrotation.routes.startup.TopicSettings;

/** The settings of all packages. The configuration reference in app/README.md lists their properties. */
public record RotationSettings(
        ApiSettings api,
        RotateSettings rotate,
        LedgerSettings ledger,
        IntakeSettings intake,
        RetrySettings retry,
        PublishSettings publish,
        ScheduleSettings schedule,
        DriftSettings drift,
        AdoptionSettings adoption,
        TopicSettings topics) {

    /**
     * Reads the {@code rotation.*} properties of a Camel context: system properties first, then the environment ({@code
     * ROTATION_API_KEY}), then files and the context's other sources.
     *
     * @throws InvalidSettingsException with every problem
     */
    public static RotationSettings from(CamelContext context) {
        return read(context, Prefix.ROTATION, ApplicationCallbacks.NONE);
    }

    /**
     * Reads the properties as {@link #from} does, for a program that does not call the API: {@code rotation.api.key} and its
     * alternatives are not required.
     *
     * @throws InvalidSettingsException with every problem
     */
    public static RotationSettings withoutApiAuth(CamelContext context) {
        return read(context, Prefix.ROTATION, new ApplicationCallbacks(true, false));
    }

    /**
     * Reads these properties alone.
     *
     * @throws InvalidSettingsException with every problem
     */
    public static RotationSettings of(Map<String, String> properties) {
        SettingsReader in = SettingsReader.of(properties);
        RotationSettings settings = read(in, ApplicationCallbacks.NONE);
        in.throwIfInvalid(List.of());
        return settings;
    }

    static RotationSettings read(CamelContext context, Prefix prefix, ApplicationCallbacks callbacks) {
        SettingsReader in = SettingsReader.of(context, prefix);
        RotationSettings settings = read(in, callbacks);
        in.throwIfInvalid(problems(context, settings.api));
        return settings;
    }

    /** Reads the settings of all packages. The reader collects invalid ones as problems. */
    static RotationSettings read(SettingsReader in, ApplicationCallbacks callbacks) {
        ApiSettings api = ApiSettings.read(in, callbacks.hasAuthProvider());
        RotateSettings rotate = RotateSettings.read(in);
        IntakeSettings intake = IntakeSettings.read(in, api);
        RotationSettings settings = new RotationSettings(
                api,
                rotate,
                LedgerSettings.read(in),
                intake,
                RetrySettings.read(in, intake.requestsTopic(), intake.groupId()),
                PublishSettings.read(in, intake.enabled(), callbacks),
                ScheduleSettings.read(in),
                DriftSettings.read(in, rotate.readBack()),
                AdoptionSettings.read(in, rotate.overlap()),
                TopicSettings.read(in));
        if (rotate.minInterval().compareTo(settings.schedule.interval()) > 0) {
            in.problem(
                    "rotation.min-interval",
                    "invalid value '" + rotate.minInterval() + "'",
                    "at most rotation.schedule.interval, " + settings.schedule.interval());
        }
        in.rejectUnknown();
        return settings;
    }

    /**
     * Checks settings that were read without the context and its callbacks.
     *
     * @throws InvalidSettingsException with every problem
     */
    void validate(CamelContext context, ApplicationCallbacks callbacks) {
        SettingsReader in = SettingsReader.of(Map.of());
        publish.validate(in, intake.enabled(), callbacks);
        in.throwIfInvalid(problems(context, api));
    }

    /** Returns the problems of what the context itself configures. */
    private static List<String> problems(CamelContext context, ApiSettings api) {
        List<String> problems = new ArrayList<>(new KafkaConfigValidator(context).problems());
        problems.addAll(new TlsConfigValidator(context, api).problems());
        return problems;
    }
}
