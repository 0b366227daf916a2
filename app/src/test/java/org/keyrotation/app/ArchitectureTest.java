package org.keyrotation.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

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

/** The packages of the app, the dependencies between them, and their public types. */
@AnalyzeClasses(packages = "org.keyrotation.app", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String APP = "org.keyrotation.app";

    private static final Map<String, Set<String>> DEPENDENCIES = Map.ofEntries(
            entry("app", Set.of("command")),
            entry("command", Set.of("failures", "follow", "job", "service", "status", "terminal")),
            entry("status", Set.of("failures", "follow")),
            entry("failures", Set.of("follow")),
            entry("job", Set.of("follow", "terminal")),
            entry("follow", Set.of()),
            entry("page", Set.of("status")),
            entry("service", Set.of("page")),
            entry("terminal", Set.of()));

    private static final Map<String, Set<String>> PUBLIC_TYPES = Map.ofEntries(
            entry("app", Set.of("RotationApp")),
            entry("command", Set.of("KeyRotation")),
            entry("status", Set.of("CredentialStatuses", "StatusReasons", "Timeline", "RelativeTime")),
            entry("failures", Set.of("OpenFailures")),
            entry("job", Set.of("Job")),
            entry("follow", Set.of("EventReader", "FollowedRequest", "FollowedRequests")),
            entry("service", Set.of("ConfigFile", "ConfigurationWatch", "LogSettings", "Service", "UsageException")),
            entry("page", Set.of("PageRoutes", "PageSettings")),
            entry("terminal", Set.of("Progress", "Table", "Terminal")));

    @ArchTest
    static final ArchRule PACKAGES_DEPEND_IN_ONE_DIRECTION = layers();

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching(APP + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ARGUMENTS_ARE_PARSED_BY_THE_COMMAND_PACKAGE_ALONE = noClasses()
            .that(not(resideInAPackage(APP + ".command")).and(not(resideInAPackage(APP + ".terminal"))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static void packagesShowTheseTypesAlone(JavaClasses all) {
        for (JavaPackage each : packages(all)) {
            List<String> publicTypes = each.getClasses().stream()
                    .filter(type -> type.isTopLevelClass()
                            && !type.isArray()
                            && type.getModifiers().contains(JavaModifier.PUBLIC))
                    .map(JavaClass::getSimpleName)
                    .filter(name -> !name.equals("package-info") && !name.matches("Jte.*Generated")) // templates
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
                .containsExactlyInAnyOrderElementsOf(DEPENDENCIES.keySet());
    }

    private static LayeredArchitecture layers() {
        LayeredArchitecture layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String name : DEPENDENCIES.keySet()) {
            layers = layers.layer(name).definedBy(name.equals("app") ? APP : APP + "." + name);
        }
        for (Map.Entry<String, Set<String>> each : DEPENDENCIES.entrySet()) {
            layers = each.getValue().isEmpty()
                    ? layers.whereLayer(each.getKey()).mayNotAccessAnyLayer()
                    : layers.whereLayer(each.getKey())
                            .mayOnlyAccessLayers(each.getValue().toArray(String[]::new));
        }
        return layers;
    }

    private static List<JavaPackage> packages(JavaClasses all) {
        return all.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(each -> each.getName().startsWith(APP))
                .toList();
    }

    private static String simpleName(JavaPackage each) {
        return each.getName().substring(each.getName().lastIndexOf('.') + 1);
    }
}
