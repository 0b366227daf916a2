package org.keyrotation.routes.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompanyStartPolicyTest {

    @Test
    void flowIsTheCompanyInTheKey() {
        assertThat(flowOf("AcmeCorp/S2-1")).isEqualTo("AcmeCorp");
        assertThat(flowOf("x".repeat(100) + "/1")).hasSize(100);
    }

    @Test
    void flowIsEmptyWithoutACredentialInTheKey() {
        assertThat(flowOf("x".repeat(101) + "/1")).isEmpty();
        assertThat(flowOf("Acme")).isEmpty();
        assertThat(flowOf(null)).isEmpty();
    }

    @SuppressWarnings("NullAway") // the group depends on the key alone
    private static String flowOf(@Nullable String key) {
        byte[] bytes = key == null ? null : key.getBytes(UTF_8);
        return new CompanyStartPolicy(null, new RequestParser(Clock.systemUTC()))
                .flowOf(new ConsumerRecord<>("rotation.requests", 0, 0, bytes, new byte[0]));
    }
}
