package org.keyrotation.routes.startup;

import java.util.Objects;
import org.keyrotation.routes.RotationRoutes;
import org.keyrotation.routes.RotationSettings;

/** The line that tells an operator that requests are being read, and from where to where. */
record ReadyMessage(RotationSettings settings) {

    @Override
    public String toString() {
        String version = Objects.requireNonNullElse(
                RotationRoutes.class.getPackage().getImplementationVersion(), "(not packaged)");
        return "Ready: key-rotation %s, API %s, requests from %s, keys to %s, failures to %s, ledger %s, group %s"
                .formatted(
                        version,
                        settings.api().baseUrl().getAuthority(),
                        settings.intake().requestsTopic(),
                        settings.publish().enabled() ? settings.publish().keysTopic() : "no topic",
                        settings.publish().enabled() ? settings.publish().failuresTopic() : "no topic",
                        settings.ledger().topic(),
                        settings.intake().groupId());
    }
}
