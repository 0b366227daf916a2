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
 * One failure of a call. Errors, redirects, hangs and resets prevent the operation, unless {@link #afterExecuting()} or
 * {@link #executingLate()}. Faults that corrupt the response happen after the operation.
 */
public final class Fault {

    /**
     * Statuses of gateways, of the authentication and of the idempotency store itself: the store keeps no such
     * response.
     */
    private static final Set<Integer> NOT_STORED = Set.of(204, 302, 401, 403, 408, 409, 429, 502, 503, 504);

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final String name;
    private final Execution execution;
    private final boolean isStored;
    private final UnaryOperator<ApiResponse> effect;

    private Fault(String name, Execution execution, boolean isStored, UnaryOperator<ApiResponse> effect) {
        this.name = name;
        this.execution = execution;
        this.isStored = isStored;
        this.effect = effect;
    }

    /** A fault in front of the API, which does not see the call. */
    private Fault(String name, UnaryOperator<ApiResponse> effect) {
        this(name, Execution.NEVER, false, effect);
    }

    /** An error with a {@code RestServiceError} body. */
    public static Fault status(int status) {
        return status(status, "00_" + status);
    }

    public static Fault status(int status, String errorCode) {
        boolean isStored = !NOT_STORED.contains(status) && !Set.of("703", "704").contains(errorCode);
        return new Fault(
                status + "/" + errorCode,
                Execution.NEVER,
                isStored,
                original -> Problems.of(status, errorCode, "Injected by the sandbox"));
    }

    /** The idempotency store is down: 503 with error code 703, transient. */
    public static Fault idempotencyStoreDown() {
        return status(503, "703").transientError();
    }

    /** 409 with error code 704. The simulator itself answers a duplicate in progress with 422 and 704. */
    public static Fault inProgress() {
        return status(409, "704");
    }

    /** 502 with an HTML page. */
    public static Fault badGateway() {
        return html(502);
    }

    public static Fault html(int status) {
        return new Fault(status + " HTML", original -> ApiResponse.empty(status)
                .withBody("text/html", "<html><body><h1>" + status + "</h1></body></html>"));
    }

    /** An error without a body. */
    public static Fault empty(int status) {
        return new Fault(status + " empty", original -> ApiResponse.empty(status));
    }

    /** A gateway's own JSON, which is not a {@code RestServiceError}. */
    public static Fault gateway(int status) {
        return new Fault(
                status + " JSON",
                original -> ApiResponse.json(status, new JsonObject().put("message", "Endpoint request timed out")));
    }

    /** 302 with a {@code Location}. */
    public static Fault redirect(String location) {
        return new Fault("302", original -> ApiResponse.empty(302).withHeader("Location", location));
    }

    /** 204 after the key was generated. */
    public static Fault noContent() {
        return corrupted("204", original -> ApiResponse.empty(204));
    }

    /** 200 with a body that is not JSON but is declared as JSON. */
    public static Fault notJson() {
        return corrupted("not JSON", original -> original.withBody("application/json", "<ok>"));
    }

    /** 200 with a JSON object without a client key. */
    public static Fault withoutClientKey() {
        return corrupted("no clientKey", original -> original.withoutField("clientKey"));
    }

    /** 200 with this value as the client key: an empty text, null, a number, an object. */
    public static Fault clientKey(@Nullable Object value) {
        return corrupted("invalid clientKey", original -> original.withField("clientKey", value));
    }

    /** Half of the body, then the connection closes. */
    public static Fault truncated() {
        return corrupted("truncated", original -> original.withDelivery(Delivery.TRUNCATED));
    }

    /** 200 in chunks; the body stands where the size of a chunk is expected. */
    public static Fault badChunk() {
        return corrupted("bad chunk", original -> original.withDelivery(Delivery.BAD_CHUNK));
    }

    /** 200 with a header line without a colon, which contains the body. */
    public static Fault badHeader() {
        return corrupted("bad header", original -> original.withDelivery(Delivery.BAD_HEADER));
    }

    /** A body that never ends: a blank every tenth of a second. */
    public static Fault trickle() {
        return new Fault("trickle", original -> original.withDelivery(Delivery.TRICKLE));
    }

    /** 200 with the key behind 5 MiB of another field. */
    public static Fault oversized() {
        return corrupted(
                "oversized",
                original -> original.withBody(
                        "application/json",
                        new JsonObject()
                                .put("padding", " ".repeat(5 * 1024 * 1024))
                                .mergeIn(new JsonObject(original.body()))
                                .encode()));
    }

    /** No response; the connection stays open. */
    public static Fault hang() {
        return new Fault("hang", original -> original.withDelivery(Delivery.NEVER));
    }

    /** A reset of the connection instead of a response. */
    public static Fault reset() {
        return new Fault("reset", original -> original.withDelivery(Delivery.RESET));
    }

    private static Fault corrupted(String name, UnaryOperator<ApiResponse> effect) {
        return new Fault(
                name,
                Execution.BEFORE_RESPONSE,
                true,
                original -> original.status() == 200 ? effect.apply(original) : original);
    }

    /** The same fault after the operation was executed. A duplicate, which executes nothing, does not get it. */
    public Fault afterExecuting() {
        return corrupted(name + " after executing", effect);
    }

    /** The same fault at once; the operation is executed a second later. For generateClientKey only. */
    public Fault executingLate() {
        return new Fault(name + " executing late", Execution.AFTER_RESPONSE, false, effect);
    }

    /** Adds the header {@code transient-error: true}. The idempotency store does not keep such a response. */
    public Fault transientError() {
        return new Fault(
                name + " transient",
                execution,
                false,
                then(response -> response.withHeader("transient-error", "true")));
    }

    /** Adds {@code Retry-After} in seconds. */
    public Fault retryAfter(Duration delay) {
        return withHeader("Retry-After", Long.toString(delay.toSeconds()));
    }

    /** Adds {@code Retry-After} as an HTTP date. */
    public Fault retryAfter(Instant when) {
        return withHeader("Retry-After", HTTP_DATE.format(when));
    }

    public Fault withHeader(String header, String value) {
        return new Fault(name, execution, isStored, then(response -> response.withHeader(header, value)));
    }

    /** Replaces a field of a problem, by a value of any type. */
    public Fault withField(String field, @Nullable Object value) {
        String changed = name + " " + field + "=" + value;
        return new Fault(changed, execution, isStored, then(response -> response.withField(field, value)));
    }

    public Fault withoutField(String field) {
        return new Fault(name + " no " + field, execution, isStored, then(response -> response.withoutField(field)));
    }

    /** Puts a canary into the fields of a problem that may hold sensitive data. It must not appear anywhere. */
    public Fault withSensitive(String canary) {
        JsonObject field =
                new JsonObject().put("name", "field").put("value", canary).put("message", "Injected");
        return new Fault(name, execution, isStored, then(response -> response.withField(
                        "invalidFields", new JsonArray().add(field))
                .withField("response", new JsonObject().put("clientKey", canary))));
    }

    Execution execution() {
        return execution;
    }

    boolean isStored() {
        return isStored;
    }

    ApiResponse applyTo(ApiResponse original) {
        return effect.apply(original);
    }

    private UnaryOperator<ApiResponse> then(UnaryOperator<ApiResponse> next) {
        return original -> next.apply(effect.apply(original));
    }

    @Override
    public String toString() {
        return name;
    }

    /** When the API executes the operation of a call with a fault. */
    enum Execution {
        NEVER,
        BEFORE_RESPONSE,
        AFTER_RESPONSE
    }
}
