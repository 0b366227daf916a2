package org.keyrotation.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One thing that goes wrong with a call. Faults that are errors, redirects, hangs or resets keep the API from doing what
 * was asked, unless {@link #afterExecuting()} or {@link #executingLate()}; faults that spoil the answer come after it was
 * done.
 */
public final class Fault {

    /** What a gateway, the authentication or the idempotency store itself says is not remembered under the Idempotency-Key. */
    private static final Set<Integer> NEVER_REMEMBERED = Set.of(204, 302, 401, 403, 408, 409, 429, 502, 503, 504);

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final String name;
    private final Execution execution;
    private final boolean remembered;
    private final UnaryOperator<Answer> effect;

    private Fault(String name, Execution execution, boolean remembered, UnaryOperator<Answer> effect) {
        this.name = name;
        this.execution = execution;
        this.remembered = remembered;
        this.effect = effect;
    }

    /** On the way to the API, which hears nothing of the call. */
    private Fault(String name, UnaryOperator<Answer> effect) {
        this(name, Execution.NEVER, false, effect);
    }

    /** An error with a {@code RestServiceError} body. */
    public static Fault status(int status) {
        return status(status, "00_" + status);
    }

    public static Fault status(int status, String errorCode) {
        boolean remembered =
                !NEVER_REMEMBERED.contains(status) && !Set.of("703", "704").contains(errorCode);
        return new Fault(
                status + "/" + errorCode,
                Execution.NEVER,
                remembered,
                natural -> Problems.of(status, errorCode, "Planted by the sandbox"));
    }

    /** The idempotency store is down: 503 with 703, transient. */
    public static Fault idempotencyStoreDown() {
        return status(503, "703").transientError();
    }

    /** 409 with 704; the simulator itself answers a duplicate in progress with 422 and 704. */
    public static Fault inProgress() {
        return status(409, "704");
    }

    /** 502 with an HTML page. */
    public static Fault badGateway() {
        return html(502);
    }

    public static Fault html(int status) {
        return new Fault(status + " HTML", natural -> Answer.empty(status)
                .withBody("text/html", "<html><body><h1>" + status + "</h1></body></html>"));
    }

    /** A gateway's own JSON, which is no {@code RestServiceError}. */
    public static Fault gateway(int status) {
        return new Fault(
                status + " JSON",
                natural -> Answer.json(status, new JsonObject().put("message", "Endpoint request timed out")));
    }

    /** 302 to another place. */
    public static Fault redirect(String location) {
        return new Fault("302", natural -> Answer.empty(302).withHeader("Location", location));
    }

    /** 204, and the key has been generated. */
    public static Fault noContent() {
        return spoilt("204", natural -> Answer.empty(204));
    }

    /** 200 with a body that is not JSON, labelled as JSON. */
    public static Fault notJson() {
        return spoilt("not JSON", natural -> natural.withBody("application/json", "<ok>"));
    }

    /** 200 with a JSON object that lacks the key. */
    public static Fault withoutClientKey() {
        return spoilt("no clientKey", natural -> natural.withoutField("clientKey"));
    }

    /** 200 with this in place of the key: an empty text, null, a number, an object. */
    public static Fault clientKey(@Nullable Object value) {
        return spoilt("odd clientKey", natural -> natural.withField("clientKey", value));
    }

    /** Half of the body, then the end of the connection. */
    public static Fault truncated() {
        return spoilt("truncated", natural -> natural.delivered(Delivery.TRUNCATED));
    }

    /** 200 in chunks, one of which begins with the body instead of its size. */
    public static Fault badChunk() {
        return spoilt("bad chunk", natural -> natural.delivered(Delivery.BAD_CHUNK));
    }

    /** 200 with a line that is no header among its headers, and the body in it. */
    public static Fault badHeader() {
        return spoilt("bad header", natural -> natural.delivered(Delivery.BAD_HEADER));
    }

    /** Never answers. */
    public static Fault hang() {
        return new Fault("hang", natural -> natural.delivered(Delivery.NEVER));
    }

    /** Resets the connection instead of an answer. */
    public static Fault reset() {
        return new Fault("reset", natural -> natural.delivered(Delivery.RESET));
    }

    private static Fault spoilt(String name, UnaryOperator<Answer> effect) {
        return new Fault(
                name,
                Execution.BEFORE_THE_ANSWER,
                true,
                natural -> natural.status() == 200 ? effect.apply(natural) : natural);
    }

    /** The same fault, but what was asked has been done; a call that does nothing, as a duplicate, does not meet it. */
    public Fault afterExecuting() {
        return spoilt(name + " after executing", effect);
    }

    /** The same fault at once, and a second later what was asked is done all the same; generateClientKey only. */
    public Fault executingLate() {
        return new Fault(name + " executing late", Execution.LATE, false, effect);
    }

    /** With the header {@code transient-error: true}; such an answer is not remembered. */
    public Fault transientError() {
        return new Fault(name + " transient", execution, false, then(a -> a.withHeader("transient-error", "true")));
    }

    /** With {@code Retry-After} in seconds. */
    public Fault retryAfter(Duration delay) {
        return withHeader("Retry-After", Long.toString(delay.toSeconds()));
    }

    /** With {@code Retry-After} as an HTTP date. */
    public Fault retryAfter(Instant when) {
        return withHeader("Retry-After", HTTP_DATE.format(when));
    }

    public Fault withHeader(String header, String value) {
        return new Fault(name, execution, remembered, then(answer -> answer.withHeader(header, value)));
    }

    /** Plants a text where a problem may hold sensitive data: it must never be seen again. */
    public Fault withSensitive(String canary) {
        JsonObject field =
                new JsonObject().put("name", "field").put("value", canary).put("message", "Planted");
        return new Fault(name, execution, remembered, then(answer -> answer.withField(
                        "invalidFields", new JsonArray().add(field))
                .withField("response", new JsonObject().put("clientKey", canary))));
    }

    Execution execution() {
        return execution;
    }

    boolean remembered() {
        return remembered;
    }

    Answer applyTo(Answer natural) {
        return effect.apply(natural);
    }

    private UnaryOperator<Answer> then(UnaryOperator<Answer> next) {
        return natural -> next.apply(effect.apply(natural));
    }

    @Override
    public String toString() {
        return name;
    }

    /** When the API does what it was asked to do. */
    enum Execution {
        NEVER,
        BEFORE_THE_ANSWER,
        LATE
    }
}
