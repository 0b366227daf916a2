package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.CredentialStatus.State;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.openqa.selenium.Keys;

/** The page in a browser. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class PageIT {

    private static final Path SCREENSHOTS = Path.of("target/page-screenshots");

    private static SimulatedManagementApi api;
    private static PageFleet fleet;
    private static Browser browser;

    @BeforeAll
    static void start(SandboxBroker broker) throws IOException {
        OptionalProgram.assumeInstalled("chromedriver", "look at the page with a browser");
        OptionalProgram.assumeInstalled("chromium", "look at the page with a browser");
        api = SimulatedManagementApi.start();
        fleet = new PageFleet(broker, api, 120);
        browser = Browser.start();
    }

    @AfterAll
    static void stop() {
        Stream.of(browser, fleet, api).filter(Objects::nonNull).forEach(PageIT::close);
    }

    private static void close(AutoCloseable started) {
        try {
            started.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void pageNeedsNoJavaScript() {
        try (Browser plain = Browser.withoutJavaScript()) {
            plain.open(fleet.url("/"));
            plain.type("input[name=q]", "overdue", Keys.ENTER);
            plain.await("the search", () -> plain.path().contains("q=overdue"));
            CredentialId overdue = fleet.credential(State.OVERDUE);
            plain.follow("tbody a", "/credentials/" + overdue);

            assertThat(plain.text("h1")).isEqualTo(overdue.toString());
            plain.follow("#nav-failures", "/failures");
            plain.follow("#code-CREDENTIAL_INACTIVE", "/failures?code=CREDENTIAL_INACTIVE");
            plain.follow("tbody a", "/credentials/" + fleet.credential(State.FAILED));
            assertThat(plain.text()).contains("FAILED", "Commands to copy");
            plain.follow("#nav-fleet", "/");
            plain.follow("#next", "/?page=2");
            assertThat(plain.text()).contains("51–100 of 120");
        }
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void personFindsACredentialAndSeesItGoThroughItsStates() throws IOException {
        browser.reset();
        CredentialId credential = fleet.credential(State.UNKNOWN);
        browser.open(fleet.url("/"));
        assertThat(browser.text()).contains("Credentials that need a person: ");
        browser.type("input[name=q]", "unknown", Keys.ENTER);
        browser.await("the search", () -> browser.path().contains("q=unknown"));
        browser.follow("tbody a", "/credentials/" + credential);
        browser.await("the credential", () -> browser.text("h1").equals(credential.toString()));
        assertThat(browser.text(".lead .state")).isEqualTo("UNKNOWN");

        fleet.fixture.request(credential);
        for (String state : List.of("ACTIVATING", "OVERLAP")) {
            browser.await(state, () -> browser.text(".lead .state").equals(state));
        }
        browser.await("the timeline", () -> browser.text().contains("rotated"));
        assertThat(browser.attribute("svg.axis", "aria-label"))
                .contains("The new key began to work", "The previous key expires in");
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void refreshKeepsFocusScrollAndWhatWasTyped() {
        browser.reset();
        browser.open(fleet.url("/"));
        browser.type("input[name=q]", "half a na");
        String link = "to-" + fleet.credential(State.DUE);
        browser.tabTo(link);
        browser.run("scrollTo(0, 300)");
        browser.run("document.querySelector('#live').dataset.old = 'yes'");
        browser.await("a refresh", () -> browser.attribute("#live", "data-old") == null);

        assertThat(browser.focusedId()).isEqualTo(link);
        assertThat(browser.number("scrollY")).isEqualTo(300);
        assertThat(browser.typed("input[name=q]")).isEqualTo("half a na");
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void refreshKeepsTheFocusOfACommand() {
        browser.reset();
        browser.open(fleet.url("/failures"));
        browser.tabTo("replay-0");
        browser.run("document.querySelector('#live').dataset.old = 'yes'");
        browser.await("a refresh", () -> browser.attribute("#live", "data-old") == null);

        assertThat(browser.focusedId()).isEqualTo("replay-0");
    }

    /** The browser's animations are what reveals it, as no script of ours runs. */
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void viewThatIsNotRefreshedSaysSo() {
        browser.reset();
        browser.open(fleet.url("/"));
        assertThat(browser.isDisplayed(".old")).isFalse();

        // A refresh between the two steps hides it again.
        browser.await("the sentence", () -> {
            browser.run("document.getAnimations().forEach(animation => animation.finish())");
            return browser.isDisplayed(".old");
        });
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void keyboardSuffices() {
        browser.reset();
        browser.open(fleet.url("/"));
        browser.press(Keys.TAB);
        browser.press(Keys.ENTER);
        browser.await("the skip link", () -> browser.focusedId().equals("live"));
        browser.tabTo("state-OVERDUE");
        browser.press(Keys.ENTER);
        browser.await("the filter", () -> browser.path().equals("/?state=OVERDUE"));
        browser.tabTo("to-" + fleet.credential(State.OVERDUE));
        browser.press(Keys.ENTER);
        browser.await("the credential", () -> browser.path().startsWith("/credentials/"));
        browser.tabTo("refresh");
        browser.press(Keys.ENTER);
        browser.await("no refresh", () -> browser.path().endsWith("?refresh=off"));
        browser.tabTo("nav-failures");
        browser.press(Keys.ENTER);
        browser.await("the failures", () -> browser.path().equals("/failures?refresh=off"));
        browser.tabTo("nav-fleet");
        browser.press(Keys.ENTER);
        browser.await("the fleet", () -> browser.path().equals("/?refresh=off"));
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void markupIsTextAndNothingViolatesThePolicy() {
        browser.reset();
        for (String path : List.of("/failures", "/credentials/" + fleet.credential(State.FAILED))) {
            browser.open(fleet.url(path));
            assertThat(browser.text()).contains(PageFleet.MARKUP);
            assertThat(browser.title()).endsWith("key-rotation");
            assertThat(browser.number("document.querySelectorAll('main script, main img').length"))
                    .isZero();
        }
        assertThat(browser.warnings()).isEmpty();
    }

    private static Map<String, String> views() {
        return Map.of(
                "fleet", "/",
                "credential", "/credentials/" + fleet.credential(State.UNADOPTED),
                "failures", "/failures");
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void viewsAreAccessible() {
        browser.reset();
        for (String scheme : List.of("light", "dark")) {
            browser.prefer(scheme);
            views().forEach((name, path) -> {
                browser.open(fleet.url(path));
                assertThat(browser.accessibilityViolations())
                        .as(name + ", " + scheme)
                        .isEmpty();
            });
        }
    }

    /** The screenshots are for a person to look at. */
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void noViewIsWiderThanTheWindow() throws IOException {
        for (String scheme : List.of("light", "dark")) {
            browser.prefer(scheme);
            for (int width : new int[] {360, 1_600}) {
                browser.resize(width, 1_000);
                for (Map.Entry<String, String> view : views().entrySet()) {
                    browser.open(fleet.url(view.getValue()));
                    browser.screenshot(SCREENSHOTS.resolve("%s-%d-%s.png".formatted(view.getKey(), width, scheme)));
                    assertThat(browser.number("document.documentElement.scrollWidth"))
                            .as(view.getKey())
                            .isLessThanOrEqualTo(width);
                }
            }
        }
    }
}
