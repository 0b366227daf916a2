package org.keyrotation.routes;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The layout: what may know what. */
@AnalyzeClasses(packages = "org.keyrotation", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROUTES = "org.keyrotation.routes";
    /** What each room shows: its routes, what goes in and comes out, and its settings. The rest is its own business. */
    private static final Map<String, Set<String>> SHOWN = Map.ofEntries(
            entry(
                    "routes",
                    Set.of(
                            "RotationRoutes",
                            "RotationSettings",
                            "RotationOutcome",
                            "OutcomeHandler",
                            "HostProperties",
                            "TopicSettings",
                            "InvalidSettingsException")),
            entry("intake", Set.of("IntakeRoutes", "IntakeSettings")),
            entry("schedule", Set.of("ScheduleRoutes", "ScheduleSettings", "MaintenanceWindow", "ScheduleMXBean")),
            entry("rotate", Set.of("RotateRoutes", "RotateSettings", "Rotation", "Claim", "Admission")),
            entry(
                    "api",
                    Set.of(
                            "ManagementApiRoutes",
                            "ApiSettings",
                            "ApiAuth",
                            "ApiAuthSource",
                            "ApiCall",
                            "ApiAnswer",
                            "CredentialListing",
                            "Pace",
                            "CallWithdrawnException")),
            entry("kamelet", Set.of("RotateClientKey")),
            entry("ledger", Set.of("Ledger", "LedgerSettings", "LedgerEntry", "UnfinishedRotation")),
            entry("prefix", Set.of("Prefix", "PrefixedRoutes")),
            entry(
                    "publish",
                    Set.of(
                            "PublishRoutes",
                            "PublishSettings",
                            "Outcome",
                            "Deferral",
                            "AcknowledgedTopic",
                            "KafkaHeaders",
                            "Concluded")),
            entry("spring", Set.of("RotationAutoConfiguration")),
            entry("threads", Set.of("Threads", "Awaited", "Flow", "HandOver", "InTurn")));

    @ArchTest
    static final ArchRule THE_ROOMS_KNOW_THEIR_NEIGHBOURS_IN_ONE_DIRECTION = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("kamelet")
            .definedBy(ROUTES + ".kamelet")
            .layer("root")
            .definedBy(ROUTES)
            .layer("schedule")
            .definedBy(ROUTES + ".intake.schedule")
            .layer("intake")
            .definedBy(ROUTES + ".intake")
            .layer("rotate")
            .definedBy(ROUTES + ".rotate")
            .layer("api")
            .definedBy(ROUTES + ".api")
            .layer("ledger")
            .definedBy(ROUTES + ".ledger")
            .layer("publish")
            .definedBy(ROUTES + ".publish")
            .layer("prefix")
            .definedBy(ROUTES + ".prefix")
            .layer("threads")
            .definedBy(ROUTES + ".threads")
            .layer("spring")
            .definedBy(ROUTES + ".spring")
            .whereLayer("kamelet")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("kamelet")
            .mayOnlyAccessLayers("root")
            .whereLayer("spring")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("root")
            .mayOnlyBeAccessedByLayers("kamelet", "spring")
            .whereLayer("schedule")
            .mayOnlyBeAccessedByLayers("root")
            .whereLayer("intake")
            .mayOnlyBeAccessedByLayers("root", "schedule")
            .whereLayer("rotate")
            .mayOnlyBeAccessedByLayers("root", "intake")
            .whereLayer("api")
            .mayOnlyBeAccessedByLayers("root", "rotate", "schedule", "spring")
            .whereLayer("ledger")
            .mayOnlyBeAccessedByLayers("root", "rotate", "schedule")
            .whereLayer("publish")
            .mayOnlyBeAccessedByLayers("root", "rotate", "intake")
            .whereLayer("threads")
            .mayOnlyAccessLayers("prefix")
            .whereLayer("prefix")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("org.keyrotation.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_MODEL_KNOWS_NEITHER_CAMEL_NOR_KAFKA_NOR_THE_ROUTES = noClasses()
            .that()
            .resideInAPackage("org.keyrotation.model..")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("org.apache.camel..", "org.apache.kafka..", "org.keyrotation.routes.."));

    @ArchTest
    static final ArchRule HTTP_IS_KNOWN_TO_THE_API_ALONE = noClasses()
            .that(resideInAPackage(ROUTES + "..").and(DescribedPredicate.not(resideInAPackage(ROUTES + ".api"))))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.apache.hc..", "org.apache.camel.component.http.."));

    @ArchTest
    static final ArchRule SPRING_IS_KNOWN_TO_ITS_WAY_IN_ALONE = noClasses()
            .that(DescribedPredicate.not(resideInAPackage(ROUTES + ".spring")))
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
    static void everyRoomShowsTheseTypesAlone(JavaClasses all) {
        for (JavaPackage room : packages(all)) {
            List<String> shown = room.getClasses().stream()
                    .filter(type -> type.isTopLevelClass()
                            && !type.isArray()
                            && type.getModifiers().contains(JavaModifier.PUBLIC))
                    .map(JavaClass::getSimpleName)
                    .filter(name -> !name.equals("package-info"))
                    .toList();
            String name = room.getName().substring(room.getName().lastIndexOf('.') + 1);
            assertThat(shown)
                    .as(room.getName())
                    .containsExactlyInAnyOrderElementsOf(SHOWN.getOrDefault(name, Set.of()));
        }
    }

    @ArchTest
    static void everyRoomIsNullMarked(JavaClasses all) {
        assertThat(packages(all)).isNotEmpty().allSatisfy(room -> assertThat(room.isAnnotatedWith(NullMarked.class))
                .as(room.getName())
                .isTrue());
    }

    private static List<JavaPackage> packages(JavaClasses all) {
        return all.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(room -> room.getName().startsWith(ROUTES))
                .toList();
    }
}
