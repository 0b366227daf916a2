package org.keyrotation.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.regex.RegularExpression;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Access to the JSON schemas that the module ships. */
final class Schemas {

    static final String REQUEST = "rotation-request.schema.json";
    static final String ROTATED = "client-key-rotated.schema.json";
    static final String FAILED = "rotation-failed.schema.json";
    static final String SATISFIED = "request-satisfied.schema.json";
    static final String ACKNOWLEDGEMENT = "key-acknowledgement.schema.json";
    static final String PLAN = "plan-report.schema.json";
    static final String PAUSE = "pause-report.schema.json";
    static final String CHECK = "check-report.schema.json";
    static final String STATUS_REPORT = "status-report.schema.json";
    static final String FAILURES_REPORT = "failures-report.schema.json";
    static final String REQUESTS = "requests-report.schema.json";

    private static final SchemaValidatorsConfig ECMA_262 = SchemaValidatorsConfig.builder()
            .regularExpressionFactory(Schemas::ecma262)
            .build();

    private Schemas() {}

    static JsonNode read(String name) throws IOException {
        try (InputStream in = open(name)) {
            return Json.mapper().readTree(in);
        }
    }

    static InputStream open(String name) {
        return Objects.requireNonNull(Schemas.class.getResourceAsStream(name), name);
    }

    static Set<ValidationMessage> violations(String name, String json) throws IOException {
        return schema(read(name)).validate(json, InputFormat.JSON);
    }

    static Set<ValidationMessage> violations(String name, JsonNode json) throws IOException {
        return violations(name, json.toString());
    }

    static JsonSchema schema(JsonNode schema) {
        return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema, ECMA_262);
    }

    /** Translates $: in JSON Schema it matches only at the very end, in Java also before a final line feed. */
    private static RegularExpression ecma262(String pattern) {
        Pattern compiled = Pattern.compile(pattern.replace("$", "\\z"));
        return value -> compiled.matcher(value).find();
    }
}
