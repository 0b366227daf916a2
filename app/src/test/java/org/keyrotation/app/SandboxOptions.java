package org.keyrotation.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;
import org.keyrotation.model.CredentialId;

/**
 * The options of the sandbox, {@code -Dsandbox.*}. An empty value is the default.
 *
 * @param once exits after the first rotations
 * @param apiOnly starts the simulated API alone
 * @param credentials in all companies
 * @param port of the broker; 0 picks a free one
 * @param apiPort 0 picks a free one
 */
record SandboxOptions(boolean once, boolean apiOnly, int credentials, int companies, int port, int apiPort) {

    /** Always the same, so that it can be written into commands and files beforehand. */
    static final String API_KEY = "sandbox-only-api-key";

    private static final int MAX_CREDENTIALS = 100_000;

    /** @throws IllegalArgumentException with all problems, one a line */
    static SandboxOptions read(Properties properties) {
        Reader reader = new Reader(properties, new ArrayList<>());
        boolean apiOnly = reader.oneOf("sandbox.only", "", "api").equals("api");
        int credentials = reader.number("sandbox.credentials", "5", MAX_CREDENTIALS);
        SandboxOptions options = new SandboxOptions(
                Boolean.parseBoolean(reader.oneOf("sandbox.once", "false", "true")),
                apiOnly,
                credentials,
                reader.number("sandbox.companies", "1", credentials),
                reader.freePort("sandbox.port", "0"),
                reader.freePort("sandbox.api.port", apiOnly ? "8089" : "0"));
        if (options.port != 0 && options.port == options.apiPort) {
            reader.problem("sandbox.api.port", options.apiPort, "another port than -Dsandbox.port");
        }
        if (!reader.problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", reader.problems));
        }
        return options;
    }

    /** The credentials of the simulated API. Their ids are unique, and the companies take turns. */
    List<CredentialId> fleet() {
        return IntStream.range(0, credentials)
                .mapToObj(n -> new CredentialId(company(n % companies), "S2-%04d".formatted(n + 1)))
                .toList();
    }

    private static String company(int index) {
        return index == 0 ? "AcmeCorp" : "AcmeCorp" + (index + 1);
    }

    private record Reader(Properties properties, List<String> problems) {

        String value(String name, String byDefault) {
            String value = properties.getProperty(name, "").strip();
            return value.isEmpty() ? byDefault : value;
        }

        String oneOf(String name, String byDefault, String other) {
            String value = value(name, byDefault);
            if (!value.equals(byDefault) && !value.equals(other)) {
                problem(name, value, byDefault.isEmpty() ? other : byDefault + " or " + other);
            }
            return value;
        }

        int number(String name, String byDefault, int max) {
            String value = value(name, byDefault);
            if (value.matches("[0-9]{1,9}") && Integer.parseInt(value) >= 1 && Integer.parseInt(value) <= max) {
                return Integer.parseInt(value);
            }
            problem(name, value, "a number from 1 to " + max);
            return max;
        }

        int freePort(String name, String byDefault) {
            String value = value(name, byDefault);
            if (ManagementPort.isFree(value)) {
                return Integer.parseInt(value);
            }
            problem(name, value, "a free port");
            return 0;
        }

        void problem(String name, Object value, String expected) {
            problems.add("-D%s: invalid value '%s', expected %s".formatted(name, value, expected));
        }
    }
}
