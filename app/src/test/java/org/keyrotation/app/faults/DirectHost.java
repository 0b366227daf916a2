package org.keyrotation.app.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.Main;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.RotationRoutes;

/**
 * A host application that embeds the routes and calls the direct endpoint. Each line of its stdin is a call, {@code NUMBER
 * COMPANY CREDENTIAL}. It answers on stdout with {@code ANSWER NUMBER OUTCOME}.
 */
public final class DirectHost {

    static final String ANSWER = "ANSWER ";

    private static final int CONCURRENT_CALLS = 16;

    private DirectHost() {}

    /** Takes no arguments, and runs until the end of stdin. */
    public static void main(String[] args) throws Exception {
        Main main = new Main();
        main.configure().addRoutesBuilder(new RotationRoutes());
        main.start();
        ExecutorService calls = Executors.newFixedThreadPool(CONCURRENT_CALLS);
        try (ProducerTemplate template = main.getCamelContext().createProducerTemplate();
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            lines.lines().forEach(line -> calls.execute(() -> System.out.println(answer(template, line.split(" ")))));
        }
        System.exit(0);
    }

    private static String answer(ProducerTemplate template, String[] call) {
        return ANSWER + call[0] + " " + outcome(template, new CredentialId(call[1], call[2]));
    }

    private static String outcome(ProducerTemplate template, CredentialId credential) {
        try {
            RotationOutcome outcome = template.requestBody(
                    RotationRoutes.ROTATE_CLIENT_KEY, RotationRequest.of(credential), RotationOutcome.class);
            return outcome instanceof RotationOutcome.Failed failed
                    ? failed.event().code().name()
                    : outcome.getClass().getSimpleName();
        } catch (CamelExecutionException e) {
            return "ERROR";
        }
    }
}
