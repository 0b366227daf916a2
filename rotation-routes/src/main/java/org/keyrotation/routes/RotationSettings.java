package org.keyrotation.routes;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.keyrotation.routes.api.ApiSettings;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.config.ApplicationCallbacks;
import org.keyrotation.routes.config.InvalidSettingsException;
import org.keyrotation.routes.intake.IntakeSettings;
import org.keyrotation.routes.ledger.LedgerSettings;
import org.keyrotation.routes.publish.PublishSettings;
import org.keyrotation.routes.rotate.RotateSettings;
import org.keyrotation.routes.schedule.ScheduleSettings;
import org.keyrotation.routes.startup.TopicSettings;

/** How rotations run: the settings of each room. The README has the table of their properties. */
public record RotationSettings(
        ApiSettings api,
        RotateSettings rotate,
        LedgerSettings ledger,
        IntakeSettings intake,
        PublishSettings publish,
        ScheduleSettings schedule,
        TopicSettings topics) {

    /**
     * Reads the {@code rotation.*} properties as Camel resolves them: system properties first, then the environment
     * ({@code ROTATION_API_KEY}), then files and whatever else the context has.
     *
     * @throws InvalidSettingsException with every problem there is
     */
    public static RotationSettings from(CamelContext context) {
        return SettingsFactory.compose(context, Prefix.ROTATION, ApplicationCallbacks.NOTHING);
    }

    /**
     * Reads these properties alone.
     *
     * @throws InvalidSettingsException with every problem there is
     */
    public static RotationSettings of(Map<String, String> properties) {
        return SettingsFactory.compose(properties);
    }
}
