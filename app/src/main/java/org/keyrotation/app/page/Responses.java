package org.keyrotation.app.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Turns views into HTML, and files of the page into responses. All have the headers that keep a browser from doing harm. */
final class Responses {

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'",
            "Cache-Control", "no-store",
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer");

    private static final Map<String, String> ASSETS = Map.of(
            "htmx.min.js", "text/javascript; charset=utf-8",
            "pico.min.css", "text/css; charset=utf-8",
            "page.css", "text/css; charset=utf-8",
            "icon.svg", "image/svg+xml");

    private final TemplateEngine templates = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Responses.class.getClassLoader(), Responses.class.getPackageName());
    private final Map<String, byte[]> assets = new HashMap<>();

    Responses() throws IOException {
        for (String name : ASSETS.keySet()) {
            try (InputStream file = Responses.class.getResourceAsStream("assets/" + name)) {
                assets.put(name, Objects.requireNonNull(file, name).readAllBytes());
            }
        }
    }

    /** Renders the {@link View} in the body. */
    void render(Exchange exchange) {
        View view = exchange.getMessage().getBody(View.class);
        Utf8ByteOutput html = new Utf8ByteOutput();
        templates.render(view.template(), view, html);
        respond(exchange.getMessage(), view.status(), "text/html; charset=utf-8", html.toByteArray());
        if (view.status() == 405) {
            exchange.getMessage().setHeader("Allow", "GET, HEAD");
        }
    }

    /** @throws PageProblemException if the page has no such file */
    void sendAsset(Exchange exchange) {
        String name = exchange.getMessage().getHeader("file", String.class);
        byte[] asset = assets.get(name);
        if (asset == null) {
            throw PageProblemException.notFound("The page has no such file.");
        }
        respond(exchange.getMessage(), 200, Objects.requireNonNull(ASSETS.get(name)), asset);
    }

    /** The parameters and headers of the request would become headers of the response. */
    private static void respond(Message message, int status, String contentType, byte[] body) {
        message.removeHeaders("*");
        HEADERS.forEach(message::setHeader);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader(Exchange.CONTENT_TYPE, contentType);
        message.setBody(body);
    }
}
