package org.keyrotation.routes.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompanyStartPolicyTest {

    @Test
    void groupIsTheCompanyInTheKey() {
        assertThat(groupOf("AcmeCorp/S2-1")).isEqualTo("AcmeCorp");
        assertThat(groupOf("x".repeat(100) + "/1")).hasSize(100);
    }

    @Test
    void groupIsEmptyWithoutACredentialInTheKey() {
        assertThat(groupOf("x".repeat(101) + "/1")).isEmpty();
        assertThat(groupOf("Acme")).isEmpty();
        assertThat(groupOf(null)).isEmpty();
    }

    @SuppressWarnings("NullAway") // the group depends on the key alone
    private static String groupOf(@Nullable String key) {
        byte[] bytes = key == null ? null : key.getBytes(UTF_8);
        return new CompanyStartPolicy(null, new RequestParser(Clock.systemUTC()))
                .groupOf(new ConsumerRecord<>("rotation.requests", 0, 0, bytes, new byte[0]));
    }
}
