package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.retry.RetryTopic;

/** The Kubernetes manifests as they are; {@link PermissionsIT} tries the users and topics at a broker. */
class KubernetesTest {

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "base", "overlays/service", "overlays/cronjob"})
    void everyFieldOfEveryManifestIsKnown(String directory) throws IOException {
        List<Path> resources = resources(directory);

        assertThat(resources).isNotEmpty();
        for (Path resource : resources) {
            assertThat(Manifests.read(resource)).as(resource.toString()).isNotEmpty();
        }
    }

    @Test
    void unknownFieldIsFound() {
        assertThatThrownBy(() -> Manifests.parse("{apiVersion: v1, kind: Service, spec: {port: 1}}"))
                .isInstanceOf(UnrecognizedPropertyException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "base", "overlays/service", "overlays/cronjob"})
    void kustomizationNamesEveryManifest(String directory) throws IOException {
        try (Stream<Path> files = Files.list(Manifests.DIRECTORY.resolve(directory))) {
            assertThat(files.filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("kustomization.yaml")))
                    .containsExactlyInAnyOrderElementsOf(resources(directory));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"service", "cronjob"})
    void kustomizeRendersTheOverlay(String overlay) throws IOException {
        OptionalProgram.assumeInstalled("kubectl", "render the Kubernetes overlays");
        String rendered;
        try (AppProcess kubectl = AppProcess.command(
                        "kubectl",
                        "kustomize",
                        Manifests.DIRECTORY.resolve("overlays").resolve(overlay))
                .environment("PATH", System.getenv("PATH"))
                .start()) {
            assertThat(kubectl.exit()).as(kubectl.toString()).isZero();
            rendered = kubectl.lines().collect(Collectors.joining("\n"));
        }
        List<HasMetadata> manifests = Manifests.parse(rendered);
        ConfigMap configuration = manifests.stream()
                .filter(ConfigMap.class::isInstance)
                .map(ConfigMap.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(configuration.getMetadata().getName()).startsWith("key-rotation-");
        assertThat(rendered)
                .contains("name: " + configuration.getMetadata().getName())
                .contains("image: registry.example.com/key-rotation:0.1.0");
    }

    /** The two differ in what a job does not have. */
    @Test
    void jobHasThePodOfTheService() throws IOException {
        PodSpec service = Manifests.read("overlays/service/deployment.yaml", Deployment.class)
                .get(0)
                .getSpec()
                .getTemplate()
                .getSpec();
        PodSpec job = Manifests.read("overlays/cronjob/cronjob.yaml", CronJob.class)
                .get(0)
                .getSpec()
                .getJobTemplate()
                .getSpec()
                .getTemplate()
                .getSpec();
        Container container = service.getContainers().get(0);
        container.setArgs(job.getContainers().get(0).getArgs());
        container.setPorts(List.of());
        container.setStartupProbe(null);
        container.setLivenessProbe(null);
        container.setReadinessProbe(null);
        service.setTopologySpreadConstraints(List.of());
        service.setRestartPolicy("Never");

        assertThat(job).isEqualTo(service);
    }

    @Test
    void topicsAreThoseOfTheService() throws IOException {
        RotationSettings settings = RotationSettings.of(
                Map.of("rotation.api.key", "any", "camel.component.kafka.brokers", "localhost:9092"));
        List<String> names = Stream.concat(
                        Stream.of(
                                settings.intake().requestsTopic(),
                                settings.ledger().topic(),
                                settings.publish().keysTopic(),
                                settings.publish().failuresTopic(),
                                settings.publish().satisfiedTopic(),
                                settings.adoption().topic()),
                        settings.retry().topics().stream().map(RetryTopic::name))
                .toList();

        assertThat(Manifests.read("kafka/topics.yaml", KafkaTopic.class))
                .extracting(topic -> topic.getMetadata().getName())
                .containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void alertsAreThoseOfTheRulesFile() throws IOException {
        JsonNode rule = Manifests.YAML.readTree(Manifests.DIRECTORY
                .resolve("overlays/service/prometheus-rule.yaml")
                .toFile());
        JsonNode rules = Manifests.YAML.readTree(
                Path.of("src/main/deploy/monitoring/alert-rules.yml").toFile());

        assertThat(rule.path("spec")).isEqualTo(rules);
    }

    /** The files of the directory that its kustomization names. */
    private static List<Path> resources(String directory) throws IOException {
        Path parent = Manifests.DIRECTORY.resolve(directory);
        JsonNode kustomization =
                Manifests.YAML.readTree(parent.resolve("kustomization.yaml").toFile());
        return StreamSupport.stream(kustomization.path("resources").spliterator(), false)
                .map(resource -> parent.resolve(resource.asText()))
                .filter(resource -> !Files.isDirectory(resource))
                .toList();
    }
}
