package org.keyrotation.routes.kamelet;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.config.InvalidSettingsException;
import org.keyrotation.routes.config.InvisibleCharacters;
import org.keyrotation.routes.config.PropertyFunctions;

/** The properties of the Kamelet {@code rotate-client-key-action}, by the names in its file. */
final class KameletProperties {

    static final String BOOTSTRAP_SERVERS = "bootstrapServers";
    static final String COMPANY_ID = "companyId";
    static final String API_CREDENTIAL_ID = "apiCredentialId";

    /** The Kamelet's properties that are {@code rotation.*} settings. */
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
            Map.entry("satisfiedTopic", "rotation.topics.satisfied"),
            Map.entry("requestsTopic", "rotation.topics.requests"),
            Map.entry("retryTopicPrefix", "rotation.topics.retry-prefix"));

    /** Camel's property resolver logs each value: these do not go through it. */
    static final Set<String> SECRETS = Set.of("apiKey", "username", "password");

    private static final Set<String> OTHER_PROPERTIES = Set.of(BOOTSTRAP_SERVERS, COMPANY_ID, API_CREDENTIAL_ID);

    private final Map<String, String> values;

    KameletProperties(Map<String, String> values) {
        this.values = values;
    }

    /** Returns the secrets that the parameters of this route hold. A value of the environment is literal text. */
    static Map<String, String> secrets(CamelContext host, String routeId) {
        RouteDefinition route = ((ModelCamelContext) host).getRouteDefinition(routeId);
        Map<String, Object> parameters = route.getRouteTemplateContext().getParameters();
        Map<String, String> secrets = new HashMap<>();
        for (String name : SECRETS) {
            Object value = route.getTemplateParameters().get(name);
            boolean isLiteral =
                    !parameters.containsKey(name) && !parameters.containsKey(StringHelper.camelCaseToDash(name));
            if (value != null) {
                String text = value.toString();
                secrets.put(name, isLiteral ? text : resolve(host, name, text));
            }
        }
        return secrets;
    }

    @SuppressWarnings("UnusedException") // its message quotes a part of the secret
    private static String resolve(CamelContext host, String name, String value) {
        try {
            String resolved =
                    PropertyFunctions.isAnyMissing(host, value) ? null : PropertyFunctions.resolve(host, value);
            if (resolved != null) {
                return resolved;
            }
        } catch (IllegalArgumentException e) {
            // reported below
        }
        throw new IllegalArgumentException(name
                + ": unresolvable placeholder, expected one that Camel resolves with the modules on the class path, or"
                + " \\{{ for literal braces");
    }

    /** @throws InvalidSettingsException with all problems, by the names of the settings */
    RotationSettings settings() {
        Map<String, String> settings = new HashMap<>(Map.of("rotation.intake.enabled", "false"));
        SETTINGS.forEach((name, setting) -> settings.computeIfAbsent(setting, unused -> values.get(name)));
        return RotationSettings.of(settings);
    }

    /** Returns null if the host's Kafka component has the bootstrap servers. */
    @Nullable
    String bootstrapServers() {
        return values.get(BOOTSTRAP_SERVERS);
    }

    /** Returns null if each message names its credential. */
    @Nullable
    CredentialId credential() {
        String companyId = stripped(COMPANY_ID);
        String apiCredentialId = stripped(API_CREDENTIAL_ID);
        if (companyId == null && apiCredentialId == null) {
            return null;
        }
        if (companyId == null || apiCredentialId == null) {
            throw new IllegalArgumentException("%s: missing, expected both %s and %s, or neither"
                    .formatted(companyId == null ? COMPANY_ID : API_CREDENTIAL_ID, COMPANY_ID, API_CREDENTIAL_ID));
        }
        return new CredentialId(companyId, apiCredentialId);
    }

    private @Nullable String stripped(String name) {
        String value = values.get(name);
        return value == null ? null : InvisibleCharacters.strip(value);
    }

    /**
     * Refuses unknown properties of a Kamelet. Camel ignores them, so a misspelt {@code ledgerTopic} would silently mean
     * the default topic.
     *
     * @param kamelet the name of the Kamelet
     * @param known the names of its properties
     * @throws IllegalArgumentException with all unknown properties
     */
    static void refuseUnknown(CamelContext host, String kamelet, Set<String> known) {
        String prefix = "camel.kamelet." + kamelet + ".";
        String problems = host
                .getPropertiesComponent()
                .loadProperties(name -> InvisibleCharacters.remove(name).startsWith(prefix))
                .stringPropertyNames()
                .stream()
                .filter(name ->
                        !known.contains(StringHelper.dashToCamelCase(name.substring(name.lastIndexOf('.') + 1))))
                .sorted()
                .map(name -> InvisibleCharacters.show(name) + ": unknown property, expected one of " + known)
                .collect(Collectors.joining(System.lineSeparator()));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems);
        }
    }

    /** Returns the names of the properties of {@code rotate-client-key-action}. */
    static Set<String> known() {
        return Stream.concat(SETTINGS.keySet().stream(), OTHER_PROPERTIES.stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Translates the names of settings in the problems into those of the Kamelet. */
    static IllegalArgumentException translate(InvalidSettingsException e) {
        return new IllegalArgumentException(e.problems().stream()
                .map(KameletProperties::translate)
                .collect(Collectors.joining(System.lineSeparator())));
    }

    /** Translates the names of settings in a problem into those of the Kamelet. */
    static String translate(String problem) {
        String translated = problem.replace(
                "camel.component.kafka.brokers:", BOOTSTRAP_SERVERS + " or camel.component.kafka.brokers:");
        translated = translated.replace(" or in the file of rotation.api.key-file", "");
        translated = translated.replace(", or either for each company under rotation.api.companies.<companyId>", "");
        for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
            translated = translated.replace(setting.getValue(), setting.getKey());
        }
        return translated;
    }
}
