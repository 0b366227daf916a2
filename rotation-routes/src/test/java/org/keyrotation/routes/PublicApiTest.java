package org.keyrotation.routes;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.keyrotation.routes.config.ExternalProperties;
import org.keyrotation.routes.config.InvalidSettingsException;
import org.keyrotation.routes.config.SettingsReader;

/**
 * The public API: every public type that an application reaches from the root package and the model. It changes on purpose
 * only. Methods that take a {@link SettingsReader} are for {@link RotationSettings}, and not part of it.
 */
class PublicApiTest {

    private static final Path EXPECTED = Path.of("src", "test", "resources", "public-api.txt");
    private static final Path FOUND = Path.of("target", "public-api.txt");
    private static final Pattern PACKAGES = Pattern.compile("(?:[a-z]+\\.)+(?=[A-Z])");
    private static final Set<String> GENERATED = Set.of("equals", "hashCode", "toString", "valueOf", "values");

    private final Set<Class<?>> reached = new TreeSet<>(Comparator.comparing(Class::getName));

    @Test
    void publicApiIsAsRecorded() throws IOException {
        reachFrom("org.keyrotation.routes", "org.keyrotation.model");
        String api = reached.stream().flatMap(PublicApiTest::lines).collect(joining("\n", "", "\n"));
        Files.writeString(FOUND, api);

        assertThat(api)
                .as("The public API has changed. If this is intended, copy rotation-routes/%s to %s", FOUND, EXPECTED)
                .isEqualTo(Files.readString(EXPECTED));
    }

    @Test
    void readmeNamesItsTypes() throws IOException {
        reachFrom("org.keyrotation.routes", "org.keyrotation.model");

        assertThat(Files.readString(Readme.PATH))
                .contains(reached.stream()
                        .filter(type -> !type.isMemberClass())
                        .map(type -> "`" + type.getSimpleName() + "`")
                        .toList());
    }

    private void reachFrom(String... packages) {
        Deque<Class<?>> next = new ArrayDeque<>(roots(packages));
        next.addAll(List.of(ExternalProperties.class, InvalidSettingsException.class)); // no signature leads to them
        while (!next.isEmpty()) {
            Class<?> type = next.remove();
            if (type.getName().startsWith("org.keyrotation.") && reached.add(type)) {
                members(type).flatMap(PublicApiTest::types).forEach(next::add);
                next.addAll(List.of(type.getClasses()));
            }
        }
    }

    private static List<Class<?>> roots(String... packages) {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(packages).stream()
                        .filter(type -> Set.of(packages).contains(type.getPackageName()))
                        .filter(type -> type.isTopLevelClass()
                                && type.getModifiers().contains(JavaModifier.PUBLIC)
                                && !type.getSimpleName().equals("package-info"))
                        .<Class<?>>map(JavaClass::reflect)
                        .toList();
    }

    private static Stream<Executable> members(Class<?> type) {
        return Stream.<Executable>concat(
                        Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
                .filter(member -> Modifier.isPublic(member.getModifiers()) && !member.isSynthetic())
                .filter(member -> !List.of(member.getParameterTypes()).contains(SettingsReader.class))
                .filter(member -> !GENERATED.contains(member.getName()));
    }

    private static Stream<Class<?>> types(Executable member) {
        Stream<Class<?>> parameters = Arrays.stream(member.getParameterTypes());
        return member instanceof Method method
                ? Stream.concat(parameters, Stream.of(method.getReturnType()))
                : parameters;
    }

    private static Stream<String> lines(Class<?> type) {
        Stream<String> constants = Arrays.stream(type.getDeclaredFields())
                .filter(field -> Modifier.isPublic(field.getModifiers()))
                .map(PublicApiTest::line);
        Stream<String> members = members(type).map(PublicApiTest::line);
        return Stream.concat(
                Stream.of(type.getName()),
                Stream.concat(constants, members).sorted().map(line -> "    " + line));
    }

    private static String line(Field field) {
        return plain(field.getGenericType()) + " " + field.getName();
    }

    private static String line(Executable member) {
        String parameters = Arrays.stream(member.getGenericParameterTypes())
                .map(PublicApiTest::plain)
                .collect(joining(", ", "(", ")"));
        String thrown = Arrays.stream(member.getExceptionTypes())
                .map(PublicApiTest::plain)
                .collect(joining(", "));
        return (Modifier.isStatic(member.getModifiers()) ? "static " : "")
                + (member instanceof Constructor<?>
                        ? "new"
                        : plain(((Method) member).getGenericReturnType()) + " " + member.getName())
                + parameters
                + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String plain(Type type) {
        return PACKAGES.matcher(type.getTypeName()).replaceAll("");
    }
}
