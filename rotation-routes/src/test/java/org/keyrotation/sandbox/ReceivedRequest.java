package org.keyrotation.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request as it came over the wire, and what became of it. */
public final class ReceivedRequest {

    private final String method;
    private final String uri;
    private final Map<String, List<String>> headers;
    private final String body;
    private volatile @Nullable Fault fault;
    private volatile @Nullable Answer answer;

    private ReceivedRequest(String method, String uri, Map<String, List<String>> headers, String body) {
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.body = body;
    }

    static ReceivedRequest of(HttpServerRequest wire, Buffer body) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        wire.headers().forEach((name, value) -> headers.computeIfAbsent(name, n -> new ArrayList<>())
                .add(value));
        return new ReceivedRequest(
                wire.method().name(), wire.uri(), Collections.unmodifiableMap(headers), body.toString());
    }

    public String method() {
        return method;
    }

    /** Path and query, undecoded. */
    public String uri() {
        return uri;
    }

    /** The path alone, undecoded. */
    public String path() {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /** By name, in any case. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** The first value of that header. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(values -> values.get(0));
    }

    public String body() {
        return body;
    }

    /** What was answered; empty while the request is under way, and where a fault kept the answer back. */
    public OptionalInt status() {
        Answer sent = answer;
        boolean seen = sent != null && sent.delivery() != Delivery.NEVER && sent.delivery() != Delivery.RESET;
        return sent != null && seen ? OptionalInt.of(sent.status()) : OptionalInt.empty();
    }

    /** The fault that this request met. */
    public Optional<Fault> fault() {
        return Optional.ofNullable(fault);
    }

    void met(@Nullable Fault newFault) {
        fault = newFault;
    }

    void answered(Answer newAnswer) {
        answer = newAnswer;
    }

    /** Without headers, which carry secrets. */
    @Override
    public String toString() {
        String outcome = status().isPresent() ? Integer.toString(status().getAsInt()) : "no answer";
        return method + " " + uri + " -> " + outcome
                + fault().map(met -> " (" + met + ")").orElse("");
    }
}
