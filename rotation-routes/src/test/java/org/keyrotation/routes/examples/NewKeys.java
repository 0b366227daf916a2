package org.keyrotation.routes.examples;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.Json;
import org.springframework.stereotype.Component;

@Component
final class NewKeys extends RouteBuilder {
    @Override
    public void configure() {
        from("kamelet:rotated-client-keys-source?consumerGroup=shop&acknowledgeAs=shop")
                .unmarshal(new JacksonDataFormat(Json.mapper(), ClientKeyRotated.class))
                .bean("frontEnd", "use");
    }
}
