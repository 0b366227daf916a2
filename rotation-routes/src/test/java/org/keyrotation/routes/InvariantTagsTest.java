package org.keyrotation.routes;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The invariants I1 to I7 are tags of the tests that hold them: {@code mvn verify -Dgroups=I2} runs those of one. */
class InvariantTagsTest {

    private static final JavaClasses TESTS = new ClassFileImporter()
            .importUrl(InvariantTagsTest.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation());

    @Test
    void everyInvariantIsATagOfATest() {
        Set<String> tags = TESTS.stream()
                .map(JavaClass::reflect)
                .flatMap(test -> Stream.concat(Stream.of(test), Arrays.stream(test.getDeclaredMethods())))
                .flatMap(InvariantTagsTest::tags)
                .collect(toSet());

        assertThat(tags).contains("I1", "I2", "I3", "I4", "I5", "I6", "I7");
    }

    /** JUnit's tags, and those of jqwik's properties. */
    private static Stream<String> tags(AnnotatedElement test) {
        return Stream.concat(
                Arrays.stream(test.getAnnotationsByType(Tag.class)).map(Tag::value),
                Arrays.stream(test.getAnnotationsByType(net.jqwik.api.Tag.class))
                        .map(net.jqwik.api.Tag::value));
    }
}
