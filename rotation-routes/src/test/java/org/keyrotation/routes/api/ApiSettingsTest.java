package org.keyrotation.routes.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.routes.RotationSettings;

/** The secrets as the API receives them. */
class ApiSettingsTest {

    @Test
    void whiteSpaceAroundASecretIsNoPartOfIt() {
        ApiSettings settings = RotationSettings.of(Map.of(
                        "rotation.api.key", "\u00a0k\n",
                        "rotation.api.companies.OtherCorp.username", " u\r\n",
                        "rotation.api.companies.OtherCorp.password", "\u3000p "))
                .api();

        assertThat(requireNonNull(settings.authFor("AcmeCorp")).value()).isEqualTo("k");
        assertThat(requireNonNull(settings.authFor("OtherCorp")).value()).isEqualTo("Basic dTpw"); // u:p
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{vault:any}}", "{{reference}}", "{{env:NO_SUCH_VARIABLE:{{vault:any}}}}"})
    void resultOfAPropertyFunctionIsLiteral(String value) {
        String secret = "a{{?b}}c\\{{d#$%[e]\\f";
        CamelContext context = new DefaultCamelContext();
        context.getComponent("kafka", KafkaComponent.class).getConfiguration().setBrokers("localhost:1");
        context.getPropertiesComponent().addPropertiesFunction(new PropertiesFunction() {
            @Override
            public String getName() {
                return "vault";
            }

            @Override
            public String apply(String remainder) {
                return secret;
            }
        });
        context.getPropertiesComponent().addInitialProperty("reference", "{{vault:any}}");
        context.getPropertiesComponent().addInitialProperty("rotation.api.key", value);

        ApiAuth auth = requireNonNull(RotationSettings.from(context).api().auth());

        assertThat(auth.value()).isEqualTo(secret);
    }
}
