package org.keyrotation.routes.kamelet;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.config.InvalidSettingsException;

/** The properties of the Kamelet, by its own names. */
final class KameletProperties {

    static final String BOOTSTRAP_SERVERS = "bootstrapServers";
    static final String COMPANY_ID = "companyId";
    static final String API_CREDENTIAL_ID = "apiCredentialId";

    /** Those that are settings of rotations. */
    static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("baseUrl", "rotation.api.base-url"),
            Map.entry("apiKey", "rotation.api.key"),
            Map.entry("username", "rotation.api.username"),
            Map.entry("password", "rotation.api.password"),
            Map.entry("publish", "rotation.publish.enabled"),
            Map.entry("createTopics", "rotation.topics.create"),
            Map.entry("ledgerTopic", "rotation.topics.ledger"),
            Map.entry("keysTopic", "rotation.topics.keys"),
            Map.entry("failuresTopic", "rotation.topics.failures"),
            Map.entry("requestsTopic", "rotation.topics.requests"),
            Map.entry("retryTopicPrefix", "rotation.topics.retry-prefix"));

    private static final Set<String> OTHERS = Set.of(BOOTSTRAP_SERVERS, COMPANY_ID, API_CREDENTIAL_ID);
    private static final String PREFIX = "camel.kamelet.rotate-client-key-action.";

    private final Map<String, String> values;

    KameletProperties(Map<String, String> values) {
        this.values = values;
    }

    /** @throws InvalidSettingsException with every problem there is, by the names of settings */
    RotationSettings settings() {
        Map<String, String> settings = new HashMap<>(Map.of("rotation.intake.enabled", "false"));
        SETTINGS.forEach((name, setting) -> settings.computeIfAbsent(setting, any -> values.get(name)));
        return RotationSettings.of(settings);
    }

    /** Null where the host's Kafka component says it. */
    @Nullable
    String bootstrapServers() {
        return values.get(BOOTSTRAP_SERVERS);
    }

    /** Null where each message says it. */
    @Nullable
    CredentialId credential() {
        String companyId = values.get(COMPANY_ID);
        String apiCredentialId = values.get(API_CREDENTIAL_ID);
        if (companyId == null && apiCredentialId == null) {
            return null;
        }
        if (companyId == null || apiCredentialId == null) {
            throw new IllegalArgumentException("%s: it is missing; allowed are both %s and %s, or neither"
                    .formatted(companyId == null ? COMPANY_ID : API_CREDENTIAL_ID, COMPANY_ID, API_CREDENTIAL_ID));
        }
        return new CredentialId(companyId, apiCredentialId);
    }

    /**
     * Camel passes over the properties of a Kamelet that it does not have: a ledger's topic that is misspelt would be the
     * default one.
     *
     * @throws IllegalArgumentException with each that is there in vain
     */
    static void refuseUnknown(CamelContext host) {
        String problems =
                host
                        .getPropertiesComponent()
                        .loadProperties(name -> name.startsWith(PREFIX))
                        .stringPropertyNames()
                        .stream()
                        .filter(name -> !isKnown(name.substring(name.lastIndexOf('.') + 1)))
                        .sorted()
                        .map(name -> name + ": there is no such property; allowed is one of the Kamelet's: " + known())
                        .collect(Collectors.joining(System.lineSeparator()));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems);
        }
    }

    private static boolean isKnown(String name) {
        return known().contains(StringHelper.dashToCamelCase(name));
    }

    private static Set<String> known() {
        return Stream.concat(SETTINGS.keySet().stream(), OTHERS.stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The same problems by the names of the Kamelet. */
    static IllegalArgumentException told(InvalidSettingsException e) {
        return new IllegalArgumentException(e.problems().stream()
                .map(KameletProperties::byOurNames)
                .collect(Collectors.joining(System.lineSeparator())));
    }

    private static String byOurNames(String problem) {
        String told = problem.replace(
                "camel.component.kafka.brokers:", BOOTSTRAP_SERVERS + " or camel.component.kafka.brokers:");
        told = told.replace(", or either for each company under rotation.api.companies.<companyId>", "");
        for (Map.Entry<String, String> each : SETTINGS.entrySet()) {
            told = told.replace(each.getValue(), each.getKey());
        }
        return told;
    }
}
