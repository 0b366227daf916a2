package org.keyrotation.routes.examples;

import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.RotationRoutes;

final class RotateNow {
    public static void main(String[] args) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getPropertiesComponent().setLocation("classpath:rotation.properties");
            context.getComponent("kafka", KafkaComponent.class)
                    .getConfiguration()
                    .setBrokers(context.resolvePropertyPlaceholders("{{kafka.brokers}}"));
            context.addRoutes(new RotationRoutes());
            context.start();

            RotationRequest request =
                    new RotationRequest(null, "AcmeCorp", "S2-0001", "suspected leak", "alice", null, true);
            RotationOutcome outcome = context.createProducerTemplate()
                    .requestBody(RotationRoutes.ROTATE_CLIENT_KEY, request, RotationOutcome.class);
            System.out.println(outcome); // a client key never prints itself
        }
    }
}
