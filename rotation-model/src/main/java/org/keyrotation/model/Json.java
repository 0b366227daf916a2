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

/** The one mapper that reads and writes every message. */
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
     * Writes instants as ISO-8601 and leaves nulls out. Reads strictly: no scalar is taken for another type, no field
     * may be repeated, nothing may follow the value; but unknown fields are ignored.
     *
     * <p>The messages of its errors never quote a value that stands for a text, a boolean, a whole number, an instant or
     * an enum, or is no JSON at all. (They do name a field that is repeated, and a character that does not belong.)
     *
     * @return shared by all: do not reconfigure it
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
