package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    @BeforeAll
    static void needsChromium() {
        OptionalProgram.assumeInstalled("chromedriver", "look at the page with a browser");
        OptionalProgram.assumeInstalled("chromium", "look at the page with a browser");
    }

    @Test
    void personFindsACredentialAndSeesItGoThroughItsStates(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        try (PageFleet fleet = new PageFleet(broker, api, 120);
                Browser browser = Browser.start()) {
            findsACredentialAndSeesItThroughItsStates(fleet, browser);
            refreshKeepsFocusScrollAndWhatWasTyped(fleet, browser);
            keyboardSuffices(fleet, browser);
            markupIsTextAndNothingViolatesThePolicy(fleet, browser);
            viewsAreAccessible(fleet, browser);
            takesScreenshots(fleet, browser);
        }
    }

    @Test
    void pageNeedsNoJavaScript(SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        try (PageFleet fleet = new PageFleet(broker, api, 120);
                Browser browser = Browser.withoutJavaScript()) {
            browser.open(fleet.url("/"));
            browser.find("input[name=q]").sendKeys("overdue", Keys.ENTER);
            browser.find("tbody a").click();

            assertThat(browser.find("h1").getText())
                    .isEqualTo(fleet.credential(State.OVERDUE).toString());
            browser.find("#nav-failures").click();
            browser.find("#code-CREDENTIAL_INACTIVE").click();
            assertThat(browser.path()).isEqualTo("/failures?code=CREDENTIAL_INACTIVE");
            browser.find("tbody a").click();
            assertThat(browser.text()).contains("FAILED", "Commands to copy");
            browser.find("#nav-fleet").click();
            browser.find("#next").click();
            assertThat(browser.text()).contains("51–100 of 120");
        }
    }

    private static void findsACredentialAndSeesItThroughItsStates(PageFleet fleet, Browser browser) throws IOException {
        CredentialId credential = fleet.credential(State.UNKNOWN);
        browser.open(fleet.url("/"));
        assertThat(browser.text()).contains("credentials need a person.");
        browser.find("input[name=q]").sendKeys("unknown", Keys.ENTER);
        browser.await("the search", () -> browser.path().contains("q=unknown"));
        browser.find("tbody a").click();
        browser.await("the credential", () -> browser.find("h1").getText().equals(credential.toString()));
        assertThat(browser.find(".lead .state").getText()).isEqualTo("UNKNOWN");

        fleet.fixture.request(credential);
        for (String state : List.of("ACTIVATING", "OVERLAP")) {
            browser.await(state, () -> browser.find(".lead .state").getText().equals(state));
        }
        browser.await("the timeline", () -> browser.text().contains("rotated"));
        assertThat(browser.find("svg.axis").getDomAttribute("aria-label"))
                .contains("The new key began to work", "The previous key expires in");
    }

    private static void refreshKeepsFocusScrollAndWhatWasTyped(PageFleet fleet, Browser browser) {
        browser.open(fleet.url("/"));
        browser.find("input[name=q]").sendKeys("half a na");
        String link = "to-" + fleet.credential(State.DUE);
        browser.tabTo(link);
        browser.run("scrollTo(0, 300)");
        browser.run("document.querySelector('#live').dataset.old = 'yes'");
        browser.await("a refresh", () -> browser.find("#live").getDomAttribute("data-old") == null);

        assertThat(browser.focusedId()).isEqualTo(link);
        assertThat(browser.number("scrollY")).isEqualTo(300);
        assertThat(browser.find("input[name=q]").getDomProperty("value")).isEqualTo("half a na");
    }

    private static void keyboardSuffices(PageFleet fleet, Browser browser) {
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

    private static void markupIsTextAndNothingViolatesThePolicy(PageFleet fleet, Browser browser) {
        for (String path : List.of("/failures", "/credentials/" + fleet.credential(State.FAILED))) {
            browser.open(fleet.url(path));
            assertThat(browser.text()).contains(PageFleet.MARKUP);
            assertThat(browser.title()).endsWith("key-rotation");
            assertThat(browser.number("document.querySelectorAll('main script, main img').length"))
                    .isZero();
        }
        assertThat(browser.warnings()).isEmpty();
    }

    private static Map<String, String> views(PageFleet fleet) {
        return Map.of(
                "fleet", "/",
                "credential", "/credentials/" + fleet.credential(State.UNADOPTED),
                "failures", "/failures",
                "failed", "/credentials/" + fleet.credential(State.FAILED),
                "problem", "/nothing");
    }

    private static void viewsAreAccessible(PageFleet fleet, Browser browser) {
        for (String scheme : List.of("light", "dark")) {
            browser.prefer(scheme);
            views(fleet).forEach((name, path) -> {
                browser.open(fleet.url(path));
                assertThat(browser.accessibilityViolations())
                        .as(name + ", " + scheme)
                        .isEmpty();
            });
        }
    }

    /** For a person to look at. No view is wider than the window. */
    private static void takesScreenshots(PageFleet fleet, Browser browser) throws IOException {
        for (String scheme : List.of("light", "dark")) {
            browser.prefer(scheme);
            for (int width : new int[] {360, 1_600}) {
                browser.resize(width, 1_000);
                for (Map.Entry<String, String> view : views(fleet).entrySet()) {
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
