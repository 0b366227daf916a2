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

/** A request as received, its fault and its response. */
public final class ReceivedRequest {

    private final String method;
    private final String uri;
    private final Map<String, List<String>> headers;
    private final String body;
    private volatile @Nullable Fault fault;
    private volatile @Nullable ApiResponse response;

    private ReceivedRequest(String method, String uri, Map<String, List<String>> headers, String body) {
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.body = body;
    }

    static ReceivedRequest of(HttpServerRequest httpRequest, Buffer body) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        httpRequest.headers().forEach((name, value) -> headers.computeIfAbsent(name, n -> new ArrayList<>())
                .add(value));
        return new ReceivedRequest(
                httpRequest.method().name(), httpRequest.uri(), Collections.unmodifiableMap(headers), body.toString());
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

    /** The headers by name, which is case-insensitive. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** The first value of this header. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(values -> values.get(0));
    }

    public String body() {
        return body;
    }

    /** The status that was sent. Empty while the request is in flight, or if a fault withheld the response. */
    public OptionalInt status() {
        ApiResponse sent = response;
        boolean isDelivered = sent != null && sent.delivery() != Delivery.NEVER && sent.delivery() != Delivery.RESET;
        return sent != null && isDelivered ? OptionalInt.of(sent.status()) : OptionalInt.empty();
    }

    /** The fault of this request. */
    public Optional<Fault> fault() {
        return Optional.ofNullable(fault);
    }

    void setFault(@Nullable Fault newFault) {
        fault = newFault;
    }

    void setResponse(ApiResponse newResponse) {
        response = newResponse;
    }

    /** Omits the headers, which carry secrets. */
    @Override
    public String toString() {
        String outcome = status().isPresent() ? Integer.toString(status().getAsInt()) : "no response";
        return method + " " + uri + " -> " + outcome
                + fault().map(each -> " (" + each + ")").orElse("");
    }
}
