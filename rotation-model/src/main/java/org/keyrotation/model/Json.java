package org.keyrotation.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.ErrorReportConfiguration;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Instant;

/** The Jackson mapper of all messages, ledger entries and API responses. */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder(factory())
            .addModules(new JavaTimeModule(), strictScalars())
            .addHandler(new RedactingProblemHandler())
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private Json() {}

    /**
     * Returns the shared mapper.
     *
     * <ul>
     *   <li>It writes instants as ISO-8601 text and omits nulls.
     *   <li>It reads strictly: it coerces no scalar to another type, and rejects repeated fields and trailing text. It
     *       ignores unknown fields.
     *   <li>Its error messages quote no string, boolean, integer, instant or enum value, and no text that is not JSON.
     *       They do name a repeated field and an unexpected character.
     * </ul>
     *
     * @return the mapper that all callers share; do not reconfigure it
     */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    private static JsonFactory factory() {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .errorReportConfiguration(ErrorReportConfiguration.builder()
                        .maxErrorTokenLength(0)
                        .maxRawContentLength(0)
                        .build())
                .build();
    }

    private static SimpleModule strictScalars() {
        return new SimpleModule("strict-scalars")
                .addDeserializer(String.class, StrictScalarDeserializer.string())
                .addDeserializer(Instant.class, StrictScalarDeserializer.instant())
                .addDeserializer(boolean.class, StrictScalarDeserializer.bool(boolean.class))
                .addDeserializer(Boolean.class, StrictScalarDeserializer.bool(Boolean.class))
                .addDeserializer(int.class, StrictScalarDeserializer.integer(int.class))
                .addDeserializer(Integer.class, StrictScalarDeserializer.integer(Integer.class))
                .addDeserializer(long.class, StrictScalarDeserializer.longInteger(long.class))
                .addDeserializer(Long.class, StrictScalarDeserializer.longInteger(Long.class));
    }
}
