package org.keyrotation.routes;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.Json;

/** A host application of the Kamelet {@code rotated-client-keys-source}. It prints a line for each key that it receives. */
final class KeySourceHost {

    static final String RECEIVED = "received ";
    static final String DELIVERED = "delivered ";

    private KeySourceHost() {}

    public static void main(String[] args) throws Exception {
        Main main = new Main();
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:rotated-client-keys-source").process(KeySourceHost::receive);
            }
        });
        main.run();
    }

    /** Prints {@code received FINGERPRINT TIME}, and {@code delivered FINGERPRINT} at the end. */
    private static void receive(Exchange exchange) throws Exception {
        String fingerprint = Json.mapper()
                .readValue(exchange.getMessage().getBody(String.class), ClientKeyRotated.class)
                .keyFingerprint();
        System.out.println(RECEIVED + fingerprint + " " + Instant.now());
        if (exchange.getContext()
                .resolvePropertyPlaceholders("{{host.hangs:false}}")
                .equals("true")) {
            TimeUnit.MINUTES.sleep(10);
        }
        System.out.println(DELIVERED + fingerprint);
    }
}
