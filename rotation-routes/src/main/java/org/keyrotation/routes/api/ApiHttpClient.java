package org.keyrotation.routes.api;

import java.util.Arrays;

/** The Camel component that makes the API calls: {@code rotation.api.http-client}. */
public enum ApiHttpClient {

    /** camel-http: a call occupies a thread. */
    HTTP("http", "org.apache.camel.component.http.HttpComponent"),

    /** camel-vertx-http: a call occupies no thread. It must be on the class path. */
    VERTX_HTTP("vertx-http", "org.apache.camel.component.vertx.http.VertxHttpComponent");

    private final String component;
    private final String className;

    ApiHttpClient(String component, String className) {
        this.component = component;
        this.className = className;
    }

    /** @throws IllegalArgumentException if it is the name of no client */
    static ApiHttpClient of(String component) {
        return Arrays.stream(values())
                .filter(client -> client.component.equals(component))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(component));
    }

    /** The name of the Camel component, and the value of the property. */
    public String component() {
        return component;
    }

    boolean isOnClassPath() {
        try {
            Class.forName(className, false, ApiHttpClient.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
