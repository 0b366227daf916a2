package org.keyrotation.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;

class BulkRequestTest {

    private static final String HINT = "To see what becomes of them: key-rotation status";

    @Test
    void theHintSelectsTheCredentialOrTheCompany() {
        assertThat(BulkRequest.hint(requests("A/1"), null)).isEqualTo(HINT + " A/1");
        assertThat(BulkRequest.hint(requests("A/1", "A/2"), null)).isEqualTo(HINT + " --company A");
        assertThat(BulkRequest.hint(requests("A/1", "B/2"), null)).isEqualTo(HINT);
    }

    @Test
    void theHintRepeatsTheConfigurationFileForAShell() {
        assertThat(BulkRequest.hint(requests("A/1"), Path.of("/etc/key-rotation/rotation.properties")))
                .isEqualTo(HINT + " --config /etc/key-rotation/rotation.properties A/1");
        assertThat(BulkRequest.hint(requests("A/1"), Path.of("my own/it's $HOME")))
                .isEqualTo(HINT + " --config 'my own/it'\\''s $HOME' A/1");
    }

    private static List<RotationRequest> requests(String... credentials) {
        return Stream.of(credentials)
                .map(credential -> credential.split("/"))
                .map(parts ->
                        RotationRequest.of(new CredentialId(parts[0], parts[1])).completed("1", Instant.EPOCH))
                .toList();
    }
}
