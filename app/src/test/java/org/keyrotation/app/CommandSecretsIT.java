package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.app.command.KeyRotation;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.Generation;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;
import picocli.CommandLine;

/** No command of the packaged app prints a key, and each JSON document is valid by its schema. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class CommandSecretsIT {

    private final Set<String> commands = new TreeSet<>(Set.of("serve"));
    private final List<String> outputs = new ArrayList<>();
    private SimulatedManagementApi api;
    private AppFixture fixture;

    @BeforeEach
    void setUp(SandboxBroker broker, SimulatedManagementApi fresh) throws Exception {
        api = fresh;
        fixture = new AppFixture(broker, fresh);
    }

    @Tag("I6")
    @Test
    void noOutputOfAnyCommandHoldsAKey() throws Exception {
        List<CredentialId> credentials = fixture.credentials(3);
        Set<String> secrets = new HashSet<>(keys(credentials));
        secrets.add(api.apiKey());
        api.faults().failNext(fixture.company, "S2-2", Fault.status(403));
        api.faults()
                .failNext(
                        fixture.company,
                        "S2-3",
                        Stream.generate(() -> Fault.status(503)).limit(10).toArray(Fault[]::new));

        try (AppProcess service =
                fixture.launch().property("rotation.retry.delays", "PT1H").start()) {
            service.awaitReady();
            for (CredentialId credential : credentials) {
                fixture.request(credential);
            }
            fixture.send("no key of a credential", "no request");
            fixture.awaitFailureEvents(2);
            fixture.awaitAllCommitted();

            shows("check-report", "check");
            shows("status-report", "status");
            text("status", credentials.get(0));
            shows("failures-report", "failures");
            shows("plan-report", "plan");
            text("replay", "--dry-run");
            json("requests-report", "replay", "--code", "FORBIDDEN", "--wait");
            text("rotate", credentials.get(0), "--reason", "drill", "--force", "--yes", "--wait");
            json(
                    "requests-report",
                    "rotate",
                    "--company",
                    fixture.company,
                    "--match",
                    "S2-1",
                    "--reason",
                    "drill",
                    "--force",
                    "--yes",
                    "--wait");
            shows("requests-report", "run", "--timeout", "PT5S"); // the deferred request stays open
            shows("pause-report", "pause");
            shows("pause-report", "resume");
            text("completion", "bash");
            text("warm-up", "--help"); // bin/key-rotation does the rest
            text("java-options", "--help");
            service.terminate();
            outputs.add(service.output());
        }

        assertThat(commands)
                .isEqualTo(new TreeSet<>(
                        new CommandLine(new KeyRotation()).getSubcommands().keySet()));
        secrets.addAll(keys(credentials));
        assertThat(secrets)
                .as("the API key, three initial keys and four rotated ones")
                .hasSize(8);
        assertThat(outputs).allSatisfy(output -> assertThat(output).isNotBlank().doesNotContain(secrets));
    }

    /** The current keys, and all that were generated before them. */
    private Collection<String> keys(List<CredentialId> credentials) {
        return credentials.stream()
                .flatMap(id -> Stream.concat(
                        Stream.of(api.truth().currentKey(id.companyId(), id.apiCredentialId())),
                        api.truth().generations(id.companyId(), id.apiCredentialId()).stream()
                                .map(Generation::clientKey)))
                .toList();
    }

    private void shows(String schema, Object... arguments) throws Exception {
        text(arguments);
        json(schema, arguments);
    }

    private void json(String schema, Object... arguments) throws Exception {
        JsonDocument.of(
                text(Stream.concat(Stream.of(arguments), Stream.of("-o", "json"))
                        .toArray()),
                schema);
    }

    private AppProcess text(Object... arguments) {
        try (AppProcess command = fixture.launch()
                .property("rotation.schedule.companies", fixture.company)
                .property("rotation.schedule.spread", "PT0S")
                .arguments(arguments)
                .start()) {
            assertThat(command.exit()).as("%s", command).isNotEqualTo(2);
            commands.add(arguments[0].toString());
            outputs.add(command.output());
            return command;
        }
    }
}
