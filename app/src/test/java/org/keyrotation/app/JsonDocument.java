package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.Collectors;
import org.keyrotation.model.Json;

/** The JSON document that a command prints. */
final class JsonDocument {

    private JsonDocument() {}

    /** Returns the standard output of an ended command: one document that is valid by a schema of rotation-model. */
    static JsonNode of(AppProcess command, String schema) throws IOException {
        return of(command.lines().collect(Collectors.joining("\n")), schema);
    }

    /** Returns this standard output: one document that is valid by a schema of rotation-model. */
    static JsonNode of(String output, String schema) throws IOException {
        JsonNode document = Json.mapper().readTree(output);
        try (InputStream in = Objects.requireNonNull(Json.class.getResourceAsStream(schema + ".schema.json"), schema)) {
            assertThat(JsonSchemaFactory.getInstance(VersionFlag.V202012)
                            .getSchema(in)
                            .validate(document))
                    .as("violations of %s by %s", schema, document)
                    .isEmpty();
        }
        return document;
    }
}
