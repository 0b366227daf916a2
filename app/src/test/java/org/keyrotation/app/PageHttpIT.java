package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.CredentialStatus.State;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The page as a program sees it, that of an attacker included. {@link PageIT} looks at it with a browser. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class PageHttpIT {

    private static final int FLEET = 200;
    private static final int ATTACK_REQUESTS = 500;
    private static final Pattern CODE = Pattern.compile("<code>(.*?)</code>");

    @Test
    @Tag("I6")
    void pageShowsTheFleetAndSurvivesAttacks(SandboxBroker broker, SimulatedManagementApi api, @TempDir Path directory)
            throws Exception {
        try (PageFleet fleet = new PageFleet(broker, api, FLEET)) {
            showsEachState(fleet);
            searchesAndFilters(fleet);
            everyResponseHasTheHeadersThatProtectABrowser(fleet);
            refusesOtherMethods(fleet);
            refusesOtherPathsAndInvalidParameters(fleet);
            answersBadRequests(fleet);
            escapesStrangersText(fleet);
            commandsAreSafeInAShell(fleet, directory);
            rotatesWhileItIsFlooded(fleet);
            noResponseHoldsAKey(fleet);
        }
    }

    private static void showsEachState(PageFleet fleet) throws Exception {
        String body = fleet.get("/").body();
        for (State state : State.values()) {
            assertThat(body).contains("id=\"state-" + state + "\"");
        }
        assertThat(body).contains("Credentials that need a person: ", "1–50 of " + FLEET);
        assertThat(body.indexOf("/S2-DRIFTED\"")).as("drifted first").isLessThan(body.indexOf("/S2-UNADOPTED\""));
    }

    private static void searchesAndFilters(PageFleet fleet) throws Exception {
        assertThat(fleet.get("/?q=s2-19").body()).contains("of 2<"); // S2-19 and S2-190
        assertThat(fleet.get("/?state=OVERDUE").body())
                .contains(fleet.credential(State.OVERDUE) + "</a>", "1–1 of 1")
                .doesNotContain(fleet.credential(State.DRIFTED) + "</a>");
        assertThat(fleet.get("/?company=Nobody").body())
                .as("the verdict is that of the whole fleet")
                .contains("No credential is selected.", "Credentials that need a person: 4 of " + FLEET);
        assertThat(fleet.get("/?page=4").body()).contains("151–200 of 200").doesNotContain("rel=\"next\"");
        assertThat(fleet.get("/?page=99").body()).contains("151–200 of 200");
        assertThat(fleet.get("/failures?code=CREDENTIAL_INACTIVE").body())
                .contains(fleet.credential(State.FAILED) + "</a>");
        assertThat(fleet.get("/failures?code=GAVE_UP").body()).contains("No failure waits for a person.");
        assertThat(fleet.get("/?refresh=off").body()).doesNotContain("hx-get").contains("refresh=off");
        assertThat(fleet.get("/credentials/" + fleet.credential(State.OVERLAP)).body())
                .contains("<svg class=\"axis\"", "class=\"now\"", "checkout", "PENDING", "key-rotation status")
                .doesNotContain("key-rotation rotate");
        assertThat(fleet.get("/credentials/" + fleet.credential(State.DRIFTED)).body())
                .contains("drifted", "--force")
                .doesNotContain("<svg class=\"axis\"");
    }

    private static void everyResponseHasTheHeadersThatProtectABrowser(PageFleet fleet) throws Exception {
        for (String path : List.of("/", "/failures", "/credentials/x/y", "/nothing", "/?page=0", "/assets/page.css")) {
            HttpResponse<String> response = fleet.get(path);
            assertThat(response.headers().map().keySet())
                    .as(path)
                    .map(name -> name.toLowerCase(Locale.ROOT))
                    .containsExactlyInAnyOrder(
                            "content-security-policy",
                            "cache-control",
                            "x-content-type-options",
                            "referrer-policy",
                            "content-type",
                            "content-length");
            assertThat(response.headers().firstValue("Content-Security-Policy"))
                    .contains("default-src 'self'; frame-ancestors 'none'");
            assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(response.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        }
        HttpRequest upgrade = HttpRequest.newBuilder(URI.create(fleet.url("/"))).build();
        assertThat(HttpClient.newHttpClient().send(upgrade, BodyHandlers.ofString()))
                .satisfies(response -> assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2))
                .satisfies(response -> assertThat(response.statusCode()).isEqualTo(200));
        assertThat(fleet.send("HEAD", "/", null))
                .satisfies(head -> assertThat(head.statusCode()).isEqualTo(200))
                .satisfies(head -> assertThat(head.body()).isEmpty());
    }

    private static void refusesOtherMethods(PageFleet fleet) throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND")) {
            for (String path : List.of("/", "/failures", "/credentials/a/b", "/assets/page.css", "/nothing")) {
                HttpResponse<String> response = fleet.send(method, path, "state=FRESH");
                assertThat(response.statusCode()).as(method + " " + path).isEqualTo(405);
                assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
            }
        }
    }

    private static void refusesOtherPathsAndInvalidParameters(PageFleet fleet) throws Exception {
        for (String path : List.of(
                "/nothing",
                "/credentials/a",
                "/credentials/a/b/c",
                "/credentials/%2e%2e%2f/b",
                "/credentials/a%2fb/c",
                "/credentials/%00/b",
                "/credentials/%3Cscript%3E/b",
                "/assets/",
                "/assets/..%2fpage.css",
                "/assets/%2e%2e/PageRoutes.class",
                "/observe/health",
                "/fleet.jte")) {
            assertThat(fleet.get(path).statusCode()).as(path).isEqualTo(404);
        }
        for (String query :
                List.of("state=fresh", "code=X", "page=0", "page=-1", "page=1e9", "q=" + "a".repeat(201), "q=a&q=b")) {
            assertThat(fleet.get("/?" + query)).as(query).satisfies(response -> {
                assertThat(response.statusCode()).isEqualTo(400);
                assertThat(response.body()).contains("Invalid parameter", "expected");
            });
        }
    }

    /** Requests that no client of the JDK would send. */
    private static void answersBadRequests(PageFleet fleet) throws Exception {
        assertThat(raw(fleet, "GET /%zz HTTP/1.1")).matches("(?s)HTTP/1.[01] 400 .*");
        assertThat(raw(fleet, "GET /?q=" + "a".repeat(10_000) + " HTTP/1.1")).matches("(?s)HTTP/1.[01] 414 .*");
        assertThat(raw(fleet, "GET /../../etc/passwd HTTP/1.1")).matches("(?s)HTTP/1.[01] 404 .*");
        assertThat(raw(fleet, "GET /assets/../../logback.xml HTTP/1.1")).matches("(?s)HTTP/1.[01] 404 .*");
        assertThat(raw(fleet, "GET // HTTP/1.1")).matches("(?s)HTTP/1.[01] 200 .*");
        assertThat(raw(fleet, "GET /?q=x%0d%0aSet-Cookie:a=b HTTP/1.1").split("\r\n\r\n", 2)[0])
                .doesNotContain("Set-Cookie");
        assertThat(rawOf(fleet, "GET / HTTP/1.1", "rebound.example")).matches("(?s)HTTP/1.[01] 421 .*");
        assertThat(rawOf(fleet, "GET / HTTP/1.1", "127.0.0.1:9877")).matches("(?s)HTTP/1.[01] 200 .*");
        assertThat(raw(fleet, "rubbish")).matches("(?s)HTTP/1.[01] 400 .*").doesNotContain("Exception");
        assertThat(fleet.get("/").statusCode()).isEqualTo(200);
        assertThat(fleet.app().output()).doesNotContain("Unhandled exception", "\tat ");
    }

    private static String raw(PageFleet fleet, String requestLine) throws IOException {
        return rawOf(fleet, requestLine, "localhost");
    }

    private static String rawOf(PageFleet fleet, String requestLine, String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fleet.port);
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream()) {
            out.write((requestLine + "\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").getBytes(UTF_8));
            out.flush();
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static void escapesStrangersText(PageFleet fleet) throws Exception {
        for (String path : List.of("/failures", "/credentials/" + fleet.credential(State.FAILED))) {
            assertThat(fleet.get(path).body())
                    .as(path)
                    .contains("&lt;script&gt;", "&lt;b&gt;")
                    .doesNotContain("<script>document", "<img src=x", "<b>");
        }
        assertThat(fleet.get("/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&company=%22onfocus=%22x")
                        .body())
                .doesNotContain("<script>alert", "\"onfocus");
    }

    private static void commandsAreSafeInAShell(PageFleet fleet, Path directory) throws Exception {
        List<String> commands = Stream.of("/failures", "/credentials/" + fleet.credential(State.FAILED))
                .flatMap(path -> CODE.matcher(body(fleet, path)).results())
                .map(MatchResult::group)
                .filter(text -> text.contains("replay"))
                .toList();
        assertThat(commands).hasSize(2);
        Path program = Files.writeString(directory.resolve("key-rotation"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        for (String command : commands) {
            String text = command.replaceAll("</?code>", "")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&#39;", "'")
                    .replace("&#34;", "\"")
                    .replace("&amp;", "&");
            Path script = Files.writeString(directory.resolve("command"), text + "\n");
            try (AppProcess shell = AppProcess.command("/bin/sh", script)
                    .environment("PATH", directory.toString())
                    .start()) {
                assertThat(shell.exit()).isZero();
                assertThat(shell.output().lines())
                        .containsExactly("replay", "--wait", "--", PageFleet.HOSTILE_REQUEST_ID);
            }
        }
    }

    private static String body(PageFleet fleet, String path) {
        try {
            return fleet.get(path).body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All views at once: a timeline of each credential is the most expensive one. */
    private static void rotatesWhileItIsFlooded(PageFleet fleet) throws Exception {
        ExecutorService attackers = Executors.newFixedThreadPool(16);
        try {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < ATTACK_REQUESTS; i++) {
                String path = i % 20 == 0
                        ? "/credentials/%s/S2-%d".formatted(fleet.fixture.company, 1 + i % 190)
                        : "/?page=" + (1 + i % 4);
                answers.add(attackers.submit(() -> fleet.get(path).statusCode()));
            }
            List<CredentialId> requested = IntStream.rangeClosed(1, 20)
                    .mapToObj(number -> fleet.fixture.credential(1_000 + number))
                    .toList();
            for (CredentialId credential : requested) {
                fleet.fixture.request(credential);
            }
            fleet.fixture.awaitKeyEvents(requested.size());
            for (Future<Integer> answer : answers) {
                assertThat(status(answer)).isEqualTo(200);
            }
        } finally {
            attackers.shutdownNow();
        }
    }

    private static int status(Future<Integer> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new AssertionError("not answered", e);
        }
    }

    private static void noResponseHoldsAKey(PageFleet fleet) throws Exception {
        List<ClientKeyRotated> keys = fleet.fixture.keyEvents();
        assertThat(keys).isNotEmpty();
        Awaitility.await("the page shows the last keys")
                .atMost(Duration.ofMinutes(3))
                .until(
                        () -> fleet.get("/credentials/" + keys.get(0).credential())
                                .body(),
                        body -> body.contains(keys.get(0).keyFingerprint()));
        List<String> bodies = new ArrayList<>();
        for (String path : List.of("/", "/?q=S2-10", "/failures", "/nothing", "/assets/page.css")) {
            bodies.add(fleet.get(path).body());
        }
        for (ClientKeyRotated key : keys.subList(0, 3)) {
            bodies.add(fleet.get("/credentials/" + key.credential()).body());
        }
        for (String path : List.of("/health", "/health/ready", "/health/live", "/metrics")) {
            bodies.add(fleet.fixture.management().get(path).body());
        }
        for (ClientKeyRotated key : keys) {
            assertThat(bodies).noneMatch(body -> body.contains(key.clientKey().value()));
        }
        assertThat(bodies).anyMatch(body -> body.contains(keys.get(0).keyFingerprint()));
        assertThat(bodies).noneMatch(body -> body.contains(fleet.api.apiKey()));
    }
}
