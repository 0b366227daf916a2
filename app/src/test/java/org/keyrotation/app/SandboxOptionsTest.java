package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.Ports;

class SandboxOptionsTest {

    private final Properties properties = new Properties();

    @Test
    void emptyValuesAreTheDefaults() {
        for (String name : new String[] {"once", "only", "credentials", "companies", "port", "api.port"}) {
            properties.setProperty("sandbox." + name, "");
        }

        assertThat(SandboxOptions.read(properties)).isEqualTo(new SandboxOptions(false, false, 5, 1, 0, 0));
    }

    @Test
    void fleetIsSharedByTheCompanies() {
        properties.setProperty("sandbox.credentials", "300");
        properties.setProperty("sandbox.companies", "3");

        assertThat(SandboxOptions.read(properties).fleet())
                .hasSize(300)
                .startsWith(new CredentialId("AcmeCorp", "S2-0001"), new CredentialId("AcmeCorp2", "S2-0002"))
                .endsWith(new CredentialId("AcmeCorp3", "S2-0300"));
    }

    @ParameterizedTest
    @CsvSource({
        "once, yes, false or true",
        "only, broker, api",
        "credentials, 0, a number from 1 to 100000",
        "credentials, many, a number from 1 to 100000",
        "credentials, 100001, a number from 1 to 100000",
        "companies, 6, a number from 1 to 5",
        "port, -1, a free port",
        "port, 65536, a free port",
        "api.port, http, a free port"
    })
    void invalidValueIsOneLine(String name, String value, String expected) {
        properties.setProperty("sandbox." + name, value);

        assertThatThrownBy(() -> SandboxOptions.read(properties))
                .hasMessage("-Dsandbox.%s: invalid value '%s', expected %s", name, value, expected);
    }

    @Test
    void allProblemsAreReported() throws Exception {
        properties.setProperty("sandbox.credentials", "none");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            properties.setProperty("sandbox.port", Integer.toString(taken.getLocalPort()));

            assertThatThrownBy(() -> SandboxOptions.read(properties)).message().hasLineCount(2);
        }
    }

    @Test
    void brokerAndApiCannotHaveTheSamePort() throws Exception {
        String port = Integer.toString(Ports.free());
        properties.setProperty("sandbox.port", port);
        properties.setProperty("sandbox.api.port", port);

        assertThatThrownBy(() -> SandboxOptions.read(properties))
                .hasMessage("-Dsandbox.api.port: invalid value '%s', expected another port than -Dsandbox.port", port);
    }
}
