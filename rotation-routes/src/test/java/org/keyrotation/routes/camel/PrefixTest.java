package org.keyrotation.routes.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {

    @Nested
    class Validation {

        @ParameterizedTest
        @ValueSource(strings = {"live", "l", "live-2", "a-b-c", "a123456789b123456789c123456789d123456789"})
        void validNameIsAccepted(String name) {
            assertThat(new Prefix(name).id("topics")).isEqualTo(name + "-topics");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "", " ", "Live", "2live", "-live", "live-", "li--ve", "li.ve", "li_ve", "li:ve", "live\n", "lïve"
                })
        void invalidNameIsRejected(String name) {
            assertThatThrownBy(() -> new Prefix(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("prefix: invalid value '" + name + "', expected");
        }

        @Test
        void tooLongNameIsRejected() {
            assertThatThrownBy(() -> new Prefix("a".repeat(41))).hasMessageContaining("expected 1 to 40");
        }
    }

    @Nested
    class Names {

        private final Prefix live = new Prefix("live");

        @Test
        void publicEndpointHasThePrefixUnlessItIsTheDefault() {
            assertThat(live.publicEndpoint("rotate-client-key")).isEqualTo("live-rotate-client-key");
            assertThat(Prefix.ROTATION.publicEndpoint("rotate-client-key")).isEqualTo("rotate-client-key");
        }

        @Test
        void propertyHasThePrefixInsteadOfTheDefault() {
            assertThat(live.property("rotation.topics.requests")).isEqualTo("live.topics.requests");
        }

        @Test
        void rewriteReplacesTheDefaultInEachNameAndNowhereElse() {
            assertThat(live.rewrite("{{rotation.overlap}} rotation.keys my.rotation.x key-rotation.y a rotation. End"))
                    .isEqualTo("{{live.overlap}} live.keys my.rotation.x key-rotation.y a rotation. End");
        }
    }
}
