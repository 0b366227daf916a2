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
    void a_request_without_id_and_time_takes_those_of_its_record() {
        assertThat(RotationRequest.of(Examples.CREDENTIAL).completed("rotation.requests-3-1042", NOON))
                .isEqualTo(Examples.withIdAndTime("rotation.requests-3-1042", NOON));
    }

    @Test
    void a_request_keeps_its_own_id_and_time() {
        RotationRequest request = Examples.withIdAndTime("r-1", NOON.minusNanos(1));

        assertThat(request.completed("rotation.requests-3-1042", NOON)).isEqualTo(request);
    }

    @Test
    void a_request_from_the_future_is_taken_as_made_when_its_record_was() {
        assertThat(Examples.withIdAndTime("r-1", NOON.plusNanos(1)).completed("other", NOON))
                .isEqualTo(Examples.withIdAndTime("r-1", NOON));
    }

    @ParameterizedTest
    @CsvSource({"-9223372036854775808, 0000-01-01T00:00:00Z", "9223372036854775807, 9999-12-31T23:59:59.999999999Z"})
    void a_record_with_an_absurd_timestamp_makes_a_request_that_can_be_written_and_read(long millis, Instant taken)
            throws IOException {
        RotationRequest completed =
                RotationRequest.of(Examples.CREDENTIAL).completed("r-1", Instant.ofEpochMilli(millis));

        assertThat(completed.requestedAt()).isEqualTo(taken);
        assertThat(RotationRequest.read(Json.mapper().writeValueAsBytes(completed)))
                .isEqualTo(completed);
    }

    @Test
    void the_default_id_of_a_topic_with_a_long_name_keeps_its_end() {
        String source = new RequestSource("t".repeat(249), 7, Long.MAX_VALUE).toString();

        assertThat(RotationRequest.of(Examples.CREDENTIAL)
                        .completed(source, NOON)
                        .requestId())
                .hasSize(100)
                .endsWith("t-7-9223372036854775807");
    }

    @Test
    void completing_keeps_everything_else() {
        assertThat(Examples.REQUEST.completed("other", NOON)).isEqualTo(Examples.REQUEST);
    }

    @Test
    void a_request_names_its_credential() {
        assertThat(Examples.REQUEST.credential()).isEqualTo(Examples.CREDENTIAL);
    }

    @Test
    void a_request_cannot_be_made_against_the_rules() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RotationRequest("r-1", "Acme Corp", "S2", null, "x".repeat(201), null, false))
                .withMessage("companyId must match [A-Za-z0-9][A-Za-z0-9._@-]{0,99}, but is a string of 9 characters; "
                        + "requestedBy must be at most 200 characters, and no half of a surrogate pair, but is a string "
                        + "of 201 characters");
    }

    @Test
    void a_request_cannot_be_made_at_a_time_that_could_not_be_read_again() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Examples.withIdAndTime(null, Instant.MAX))
                .withMessage("requestedAt must be in the years 0000 to 9999");
    }
}
