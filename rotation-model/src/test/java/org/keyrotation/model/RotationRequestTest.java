package org.keyrotation.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RotationRequestTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void aRequestWithoutIdAndTimeTakesThoseOfItsRecord() {
        assertThat(RotationRequest.of(Examples.CREDENTIAL).completed("rotation.requests-3-1042", NOON))
                .isEqualTo(Examples.withIdAndTime("rotation.requests-3-1042", NOON));
    }

    @Test
    void aRequestKeepsItsOwnIdAndTime() {
        RotationRequest request = Examples.withIdAndTime("r-1", NOON.minusNanos(1));

        assertThat(request.completed("rotation.requests-3-1042", NOON)).isEqualTo(request);
    }

    @Test
    void aRequestFromTheFutureTakesTheTimestampOfItsRecord() {
        assertThat(Examples.withIdAndTime("r-1", NOON.plusNanos(1)).completed("other", NOON))
                .isEqualTo(Examples.withIdAndTime("r-1", NOON));
    }

    @ParameterizedTest
    @CsvSource({"-9223372036854775808, 0000-01-01T00:00:00Z", "9223372036854775807, 9999-12-31T23:59:59.999999999Z"})
    void anAbsurdTimestampOfTheRecordIsClamped(long millis, Instant taken) throws IOException {
        RotationRequest completed =
                RotationRequest.of(Examples.CREDENTIAL).completed("r-1", Instant.ofEpochMilli(millis));

        assertThat(completed.requestedAt()).isEqualTo(taken);
        assertThat(RotationRequest.read(Json.mapper().writeValueAsBytes(completed)))
                .isEqualTo(completed);
    }

    @Test
    void aLongDefaultIdKeepsItsEnd() {
        String source = new RequestSource("t".repeat(249), 7, Long.MAX_VALUE).toString();

        assertThat(RotationRequest.of(Examples.CREDENTIAL)
                        .completed(source, NOON)
                        .requestId())
                .hasSize(100)
                .endsWith("t-7-9223372036854775807");
    }

    @Test
    void completingKeepsAllOtherFields() {
        assertThat(Examples.REQUEST.completed("other", NOON)).isEqualTo(Examples.REQUEST);
    }

    @Test
    void aRequestHasACredential() {
        assertThat(Examples.REQUEST.credential()).isEqualTo(Examples.CREDENTIAL);
    }

    @Test
    void theConstructorReportsAllInvalidFields() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RotationRequest("r-1", "Acme Corp", "S2", null, "x".repeat(201), null, false))
                .withMessage("companyId: invalid value of length 9, expected an id that matches "
                        + "[A-Za-z0-9][A-Za-z0-9._@-]{0,99}; requestedBy: invalid value of length 201, expected at most "
                        + "200 characters without unpaired surrogates");
    }

    @Test
    void theConstructorRejectsATimeThatJsonCannotHold() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Examples.withIdAndTime(null, Instant.MAX))
                .withMessage("requestedAt: invalid value, expected a year from 0000 to 9999");
    }
}
