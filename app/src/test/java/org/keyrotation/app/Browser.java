package org.keyrotation.app;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** Debian's chromium, without a window. */
final class Browser implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final ChromeDriver driver;

    private Browser(ChromeOptions options) {
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(executable("chromedriver"))
                        .build(),
                options);
    }

    static Browser start() {
        return new Browser(options());
    }

    static Browser withoutJavaScript() {
        return new Browser(options()
                .setExperimentalOption("prefs", Map.of("profile.managed_default_content_settings.javascript", 2)));
    }

    private static ChromeOptions options() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(executable("chromium"));
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--window-size=1280,900");
        return options;
    }

    private static File executable(String program) {
        return OptionalProgram.onPath(program).orElseThrow().toFile();
    }

    void open(String url) {
        driver.get(url);
    }

    String path() {
        String url = driver.getCurrentUrl();
        return url == null ? "" : url.replaceFirst("^http://[^/]*", "");
    }

    String title() {
        return String.valueOf(driver.getTitle());
    }

    String text() {
        return text("body");
    }

    /** Applies the function to the first element that matches. A refresh may replace the element between two commands. */
    private <T> T with(String selector, Function<WebElement, T> function) {
        return Awaitility.await(selector)
                .atMost(TIMEOUT)
                .ignoreExceptionsInstanceOf(StaleElementReferenceException.class)
                .until(() -> function.apply(driver.findElement(By.cssSelector(selector))), any -> true);
    }

    String text(String selector) {
        return with(selector, WebElement::getText);
    }

    @Nullable
    String attribute(String selector, String name) {
        return with(selector, element -> Optional.ofNullable(element.getDomAttribute(name)))
                .orElse(null);
    }

    String typed(String selector) {
        return with(selector, field -> String.valueOf(field.getDomProperty("value")));
    }

    boolean isDisplayed(String selector) {
        return with(selector, WebElement::isDisplayed);
    }

    void type(String selector, CharSequence... keys) {
        Object unused = with(selector, element -> {
            element.sendKeys(keys);
            return element;
        });
    }

    /** Clicks on a link, and waits for its view. */
    void follow(String selector, String path) {
        Object unused = with(selector, element -> {
            element.click();
            return element;
        });
        await(path, () -> path().equals(path));
    }

    /** The view may be replaced between two steps. */
    void await(String what, BrowserCondition condition) {
        Awaitility.await(what)
                .atMost(TIMEOUT)
                .ignoreExceptionsInstanceOf(WebDriverException.class)
                .until(condition::isMet);
    }

    /** A condition that is looked at again and again. */
    interface BrowserCondition {
        boolean isMet();
    }

    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(String.join("", keys)).perform();
    }

    /** Presses Tab until the element with this id has the focus. */
    void tabTo(String id) {
        for (int i = 0; i < 100; i++) {
            if (id.equals(focusedId())) {
                return;
            }
            press(Keys.TAB);
        }
        throw new AssertionError("Tab does not reach " + id);
    }

    String focusedId() {
        return String.valueOf(driver.executeScript("return document.activeElement.id"));
    }

    long number(String script) {
        return ((Number) driver.executeScript("return " + script)).longValue();
    }

    void run(String script) {
        driver.executeScript(script);
    }

    void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    void prefer(String colourScheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colourScheme))));
    }

    /** As wide and as light as at the start. */
    void reset() {
        resize(1_280, 900);
        prefer("light");
    }

    void screenshot(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    /** Returns what axe finds against the success criteria of WCAG 2.2, levels A and AA. */
    List<String> accessibilityViolations() {
        return new AxeBuilder()
                        .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
                        .analyze(driver)
                        .getViolations()
                        .stream()
                        .map(Browser::description)
                        .toList();
    }

    private static String description(Rule rule) {
        return rule.getId() + ": "
                + rule.getNodes().stream()
                        .map(node -> String.valueOf(node.getHtml()))
                        .toList();
    }

    /** Returns the warnings of the browser, those of the content security policy included. */
    List<String> warnings() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
