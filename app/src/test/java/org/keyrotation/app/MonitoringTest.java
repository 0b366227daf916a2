package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alert rules and the dashboard. {@link MetricsIT} finds their metrics in a scrape. */
class MonitoringTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Path DIRECTORY = Path.of("src/main/deploy/monitoring");
    private static final Path RULES = DIRECTORY.resolve("alert-rules.yml");
    private static final Path TESTS = Path.of("src/test/resources/monitoring/alert-rules-test.yml");

    @Test
    void rulesFireAndAreQuietAsTheirTestsSay() {
        promtool("test", "rules", TESTS);
    }

    @Test
    void eachRuleIsTestedToBeQuietAndToFire() throws IOException {
        List<JsonNode> cases = elements(YAML.readTree(TESTS.toFile()).get("tests"))
                .flatMap(test -> elements(test.get("alert_rule_test")))
                .toList();

        assertThat(alerts(cases.stream().filter(each -> each.get("exp_alerts").isEmpty())))
                .isEqualTo(alerts());
        assertThat(alerts(cases.stream().filter(each -> !each.get("exp_alerts").isEmpty())))
                .isEqualTo(alerts());
    }

    @Test
    void eachRuleSaysWhatHappenedItsImpactAndWhatToDo() throws IOException {
        assertThat(rules()).allSatisfy(rule -> {
            assertThat(rule.get("labels").get("severity").asText()).isIn("critical", "warning");
            for (String annotation : List.of("summary", "impact", "action")) {
                assertThat(rule.get("annotations").path(annotation).asText())
                        .as(annotation)
                        .endsWith(".");
            }
        });
    }

    @Test
    void eachRuleHasARunbook() throws IOException {
        Set<String> headings = Files.readAllLines(DIRECTORY.resolve("README.md")).stream()
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring(4))
                .collect(Collectors.toSet());

        assertThat(headings).isEqualTo(alerts());
        assertThat(rules()).allSatisfy(rule -> assertThat(
                        rule.get("annotations").get("runbook_url").asText())
                .isEqualTo("README.md#" + rule.get("alert").asText().toLowerCase(Locale.ROOT)));
    }

    @Test
    void expressionsOfTheDashboardParse(@TempDir Path directory) throws IOException {
        List<String> expressions = dashboardExpressions();
        List<Map<String, String>> recorded = IntStream.range(0, expressions.size())
                .mapToObj(i -> Map.of(
                        "record",
                        "dashboard:expression_" + i,
                        "expr",
                        expressions.get(i).replace("$__rate_interval", "5m")))
                .toList();
        Path rules = directory.resolve("dashboard.yml");
        YAML.writeValue(rules.toFile(), Map.of("groups", List.of(Map.of("name", "dashboard", "rules", recorded))));

        promtool("check", "rules", rules);
    }

    /** Returns the expressions of the rules and of the dashboard. */
    static List<String> expressions() throws IOException {
        return Stream.concat(rules().stream().map(rule -> rule.get("expr").asText()), dashboardExpressions().stream())
                .toList();
    }

    private static List<String> dashboardExpressions() throws IOException {
        JsonNode dashboard =
                new ObjectMapper().readTree(DIRECTORY.resolve("dashboard.json").toFile());
        return dashboard.findValuesAsText("expr");
    }

    private static List<JsonNode> rules() throws IOException {
        return elements(YAML.readTree(RULES.toFile()).get("groups"))
                .flatMap(group -> elements(group.get("rules")))
                .toList();
    }

    private static Set<String> alerts() throws IOException {
        return rules().stream().map(rule -> rule.get("alert").asText()).collect(Collectors.toSet());
    }

    private static Set<String> alerts(Stream<JsonNode> cases) {
        return cases.map(each -> each.get("alertname").asText()).collect(Collectors.toSet());
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static void promtool(Object... arguments) {
        OptionalProgram.assumeInstalled("promtool", "check the alert rules and the dashboard");
        try (AppProcess promtool = AppProcess.command(Stream.concat(Stream.of("promtool"), Stream.of(arguments))
                        .toArray())
                .start()) {
            assertThat(promtool.exit()).as(promtool.output()).isZero();
        }
    }
}
