package org.keyrotation.routes;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The packages, the dependencies between them, and their public types. */
@AnalyzeClasses(packages = "org.keyrotation", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROUTES = "org.keyrotation.routes";

    /** The outcome is part of the public API. It depends on the model alone, so that every package may use it. */
    private static final DescribedPredicate<JavaClass> OUTCOME =
            belongToAnyOf(RotationOutcome.class, OutcomeHandler.class);

    private static final Map<String, Set<String>> DEPENDENCIES = Map.ofEntries(
            entry("spring", Set.of("root", "outcome", "api", "config")),
            entry("kamelet", Set.of("root", "outcome", "kafka", "camel", "config")),
            entry(
                    "startup",
                    Set.of("intake", "adoption", "retry", "publish", "ledger", "api", "kafka", "camel", "config")),
            entry("schedule", Set.of("intake", "drift", "ledger", "api", "camel", "config")),
            entry("drift", Set.of("rotate", "ledger", "api", "kafka", "camel", "config")),
            entry("adoption", Set.of("ledger", "kafka", "camel", "config")),
            entry("intake", Set.of("outcome", "rotate", "publish", "retry", "api", "kafka", "camel", "config")),
            entry("rotate", Set.of("outcome", "api", "ledger", "publish", "retry", "kafka", "camel", "config")),
            entry("publish", Set.of("outcome", "retry", "kafka", "camel", "config")),
            entry("api", Set.of("camel", "config")),
            entry("ledger", Set.of("kafka", "camel", "config")),
            entry("retry", Set.of("kafka", "camel", "config")),
            entry("kafka", Set.of("camel", "config")),
            entry("config", Set.of("camel")));

    /** Each package shows its routes with their bodies, its settings, and what an application implements. */
    private static final Map<String, Set<String>> PUBLIC_TYPES = Map.ofEntries(
            entry("routes", Set.of("RotationRoutes", "RotationSettings", "RotationOutcome", "OutcomeHandler")),
            entry("intake", Set.of("IntakeRoutes", "IntakeSettings", "OpenRequests", "OpenRequest")),
            entry("drift", Set.of("DriftRoutes", "DriftSettings", "ListedKeys")),
            entry("adoption", Set.of("AdoptionRoutes", "AdoptionSettings", "ExpectedConsumers", "KeyAdoption")),
            entry(
                    "schedule",
                    Set.of(
                            "ScheduleRoutes",
                            "ScheduleSettings",
                            "MaintenanceWindow",
                            "TargetFile",
                            "DueDates",
                            "ScheduleMXBean")),
            entry("rotate", Set.of("RotateRoutes", "RotateSettings", "Rotation", "DriftedKey", "AdmissionControl")),
            entry(
                    "api",
                    Set.of(
                            "ManagementApiRoutes",
                            "ApiSettings",
                            "ApiAuth",
                            "ApiAuthProvider",
                            "ApiHttpClient",
                            "ApiCall",
                            "ApiResult",
                            "CredentialListing",
                            "CredentialLister",
                            "CredentialState",
                            "ListedCredential",
                            "ListingFailedException",
                            "OwnCredential",
                            "CompanyRateLimiter",
                            "CallFencedException",
                            "TlsConfigValidator")),
            entry(
                    "ledger",
                    Set.of(
                            "Ledger",
                            "LedgerConflictException",
                            "LedgerSettings",
                            "LedgerEntry",
                            "UnfinishedRotation",
                            "LastKey",
                            "KeyRecord",
                            "Drift",
                            "FailureStreak",
                            "LedgerControl",
                            "OverlapMeters",
                            "OtherApiException")),
            entry("publish", Set.of("PublishRoutes", "PublishSettings", "Publishable")),
            entry(
                    "retry",
                    Set.of(
                            "RetryRoutes",
                            "RetrySettings",
                            "RetryTopic",
                            "RetryMetadata",
                            "DeferredRequest",
                            "OpenRequestMeters")),
            entry(
                    "kafka",
                    Set.of(
                            "ParallelConsumer",
                            "CompactedTopicReader",
                            "StartPolicy",
                            "StartCondition",
                            "InFlightRecord",
                            "PartitionOwnership",
                            "OwnershipLostException",
                            "TopicProducer",
                            "SendThreadSelector",
                            "KafkaHeaders",
                            "KafkaClients",
                            "GroupMembers",
                            "KafkaConfigValidator",
                            "ClientSettingsCheck",
                            "ProcessAgainException",
                            "NotReadyReason")),
            entry(
                    "config",
                    Set.of(
                            "SettingsReader",
                            "InvalidSettingsException",
                            "UnreadableFileException",
                            "ExternalProperties",
                            "PropertyFunctions",
                            "InvisibleCharacters",
                            "GlobPattern",
                            "EntryLine",
                            "ApplicationCallbacks")),
            entry(
                    "startup",
                    Set.of(
                            "ClockHealthCheck",
                            "IntakeStarter",
                            "LedgerClaim",
                            "ReadyMessage",
                            "TopicFindings",
                            "TopicProvisioner",
                            "TopicSettings",
                            "TopicsHealthCheck")),
            entry(
                    "camel",
                    Set.of(
                            "Prefix",
                            "PrefixedRoutes",
                            "ThreadPools",
                            "FutureProcessor",
                            "SwitchThread",
                            "QueueingPolicy",
                            "RefreshedValue",
                            "RepeatedWarning")),
            entry("spring", Set.of("RotationAutoConfiguration")),
            entry("kamelet", Set.of("RotateClientKey", "RotatedClientKeysComponent")));

    @ArchTest
    static final ArchRule PACKAGES_DEPEND_IN_ONE_DIRECTION = layers();

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching(ROUTES + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule MODEL_DEPENDS_ON_NEITHER_CAMEL_NOR_KAFKA_NOR_ROUTES = noClasses()
            .that()
            .resideInAPackage("org.keyrotation.model..")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("org.apache.camel..", "org.apache.kafka..", "org.keyrotation.routes.."));

    @ArchTest
    static final ArchRule LOWEST_PACKAGES_KNOW_NOTHING_OF_ROTATIONS = noClasses()
            .that()
            .resideInAnyPackage(ROUTES + ".kafka", ROUTES + ".camel", ROUTES + ".config")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.keyrotation.model..");

    @ArchTest
    static final ArchRule HTTP_CLIENT_IS_USED_BY_THE_API_PACKAGE_ALONE = noClasses()
            .that(resideInAPackage(ROUTES + "..").and(not(resideInAPackage(ROUTES + ".api"))))
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "org.apache.hc..",
                    "org.apache.camel.component.http..",
                    "org.apache.camel.component.vertx..",
                    "io.vertx..",
                    "io.netty.."));

    /** A host application without camel-vertx-http must not load them. */
    @ArchTest
    static final ArchRule VERTX_IS_USED_BY_ITS_CLIENT_ALONE = noClasses()
            .that(resideInAPackage(ROUTES + "..").and(not(nameMatching(".*\\.Vertx[^.]*"))))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.apache.camel.component.vertx..", "io.vertx..", "io.netty.."));

    @ArchTest
    static final ArchRule KAFKA_COMPONENT_IS_USED_BY_THE_KAFKA_PACKAGE_ALONE = noClasses()
            .that(resideInAPackage(ROUTES + "..").and(not(resideInAnyPackage(ROUTES + ".kafka", ROUTES + ".kamelet"))))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.apache.camel.component.kafka.."));

    @ArchTest
    static final ArchRule SPRING_IS_USED_BY_ITS_PACKAGE_ALONE = noClasses()
            .that(not(resideInAPackage(ROUTES + ".spring")))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.springframework..", "org.apache.camel.spring.."));

    @ArchTest
    static final ArchRule ROUTE_BUILDERS_ARE_FINAL = classes()
            .that()
            .areAssignableTo("org.apache.camel.builder.RouteBuilder")
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .should()
            .haveModifier(JavaModifier.FINAL);

    @ArchTest
    static void packagesShowTheseTypesAlone(JavaClasses all) {
        for (JavaPackage each : packages(all)) {
            List<String> publicTypes = each.getClasses().stream()
                    .filter(type -> type.isTopLevelClass()
                            && !type.isArray()
                            && type.getModifiers().contains(JavaModifier.PUBLIC))
                    .map(JavaClass::getSimpleName)
                    .filter(name -> !name.equals("package-info"))
                    .toList();
            assertThat(publicTypes)
                    .as(each.getName())
                    .containsExactlyInAnyOrderElementsOf(PUBLIC_TYPES.getOrDefault(simpleName(each), Set.of()));
        }
    }

    @ArchTest
    static void packagesAreNullMarked(JavaClasses all) {
        assertThat(packages(all)).isNotEmpty().allSatisfy(each -> assertThat(each.isAnnotatedWith(NullMarked.class))
                .as(each.getName())
                .isTrue());
    }

    @ArchTest
    static void everyPackageHasItsDependencies(JavaClasses all) {
        assertThat(packages(all))
                .extracting(ArchitectureTest::simpleName)
                .filteredOn(name -> !name.equals("routes") && !name.equals("camel"))
                .containsExactlyInAnyOrderElementsOf(DEPENDENCIES.keySet());
    }

    private static LayeredArchitecture layers() {
        LayeredArchitecture layers = layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("outcome")
                .definedBy(OUTCOME.or(nestedInOutcome()))
                .layer("root")
                .definedBy(resideInAPackage(ROUTES).and(not(OUTCOME)).and(not(nestedInOutcome())))
                .layer("camel")
                .definedBy(ROUTES + ".camel")
                .whereLayer("outcome")
                .mayNotAccessAnyLayer()
                .whereLayer("camel")
                .mayNotAccessAnyLayer();
        for (String name : DEPENDENCIES.keySet()) {
            layers = layers.layer(name).definedBy(ROUTES + "." + name);
        }
        for (Map.Entry<String, Set<String>> each : DEPENDENCIES.entrySet()) {
            layers = layers.whereLayer(each.getKey())
                    .mayOnlyAccessLayers(each.getValue().toArray(String[]::new));
        }
        return layers.whereLayer("root").mayOnlyBeAccessedByLayers("spring", "kamelet");
    }

    private static DescribedPredicate<JavaClass> nestedInOutcome() {
        return DescribedPredicate.describe(
                "nested in the outcome",
                type -> type.getEnclosingClass().filter(OUTCOME).isPresent());
    }

    private static List<JavaPackage> packages(JavaClasses all) {
        return all.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(each -> each.getName().startsWith(ROUTES))
                .toList();
    }

    private static String simpleName(JavaPackage each) {
        return each.getName().substring(each.getName().lastIndexOf('.') + 1);
    }
}
