package org.keyrotation.routes.startup;

import java.util.Objects;
import org.keyrotation.routes.api.ApiSettings;
import org.keyrotation.routes.intake.IntakeSettings;
import org.keyrotation.routes.ledger.LedgerSettings;
import org.keyrotation.routes.publish.PublishSettings;

/** The log message that says that requests are being read, from where to where. */
public record ReadyMessage(ApiSettings api, IntakeSettings intake, PublishSettings publish, LedgerSettings ledger) {

    @Override
    public String toString() {
        String version = Objects.requireNonNullElse(
                ReadyMessage.class.getPackage().getImplementationVersion(), "(not packaged)");
        return "Ready: key-rotation %s, API %s by %s, requests from %s, keys to %s, failures to %s, satisfied to %s, ledger %s, group %s"
                .formatted(
                        version,
                        api.baseUrl().getAuthority(),
                        api.httpClient().component(),
                        intake.requestsTopic(),
                        publish.enabled() ? publish.keysTopic() : "no topic",
                        publish.enabled() ? publish.failuresTopic() : "no topic",
                        publish.enabled() ? publish.satisfiedTopic() : "no topic",
                        ledger.topic(),
                        intake.groupId());
    }
}
