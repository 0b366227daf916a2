package org.keyrotation.routes.examples;

import org.apache.camel.builder.RouteBuilder;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationRoutes;

final class DirectEndpoints extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:aged")
                .setBody(exchange -> RotationRequest.of(new CredentialId("AcmeCorp", "S2-0001")))
                .to(RotationRoutes.REQUEST_CLIENT_KEY_ROTATION); // onto the requests topic

        from("direct:leaked")
                .setBody(exchange -> new RotationRequest(
                        null, "AcmeCorp", "S2-0001", "suspected leak", "alice", null, true)) // force
                .to(RotationRoutes.ROTATE_CLIENT_KEY) // at once; the body is then a RotationOutcome
                .log("${body}");
    }
}
