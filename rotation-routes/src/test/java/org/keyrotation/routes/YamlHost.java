package org.keyrotation.routes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;

/** A Camel Main application whose routes are YAML. It records the messages of {@code direct:front-end} and {@code direct:alarm}. */
final class YamlHost implements AutoCloseable {

    private final Main main = new Main();
    private final List<Message> keys = new CopyOnWriteArrayList<>();
    private final List<Message> alarms = new CopyOnWriteArrayList<>();
    private final Predicate<Message> acceptsKey;

    private YamlHost(Predicate<Message> acceptsKey) {
        this.acceptsKey = acceptsKey;
    }

    static YamlHost start(String yaml, Map<String, String> properties) {
        return start(yaml, properties, key -> true);
    }

    /** @param acceptsKey false for a key at which the front end fails */
    static YamlHost start(String yaml, Map<String, String> properties, Predicate<Message> acceptsKey) {
        YamlHost host = new YamlHost(acceptsKey);
        try {
            Path file = Files.createTempFile("routes", ".yaml");
            file.toFile().deleteOnExit();
            host.start(Files.writeString(file, yaml), properties);
            return host;
        } catch (IOException | RuntimeException e) {
            host.close();
            throw new IllegalStateException("the host does not start", e);
        }
    }

    private void start(Path yaml, Map<String, String> properties) {
        properties.forEach(main::addInitialProperty);
        main.configure().withRoutesIncludePattern("file:" + yaml);
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:front-end").process(YamlHost.this::receive);
                from("direct:alarm").process(exchange -> alarms.add(copy(exchange)));
            }
        });
        main.start();
    }

    private void receive(Exchange exchange) {
        Message key = copy(exchange);
        keys.add(key);
        if (!acceptsKey.test(key)) {
            throw new IllegalStateException("planted");
        }
    }

    private static Message copy(Exchange exchange) {
        return exchange.getMessage().copy();
    }

    CamelContext context() {
        return main.getCamelContext();
    }

    /** Returns the reply of the route. */
    Message request(String endpoint, Object body) {
        Exchange reply = context().createProducerTemplate().request(endpoint, exchange -> exchange.getMessage()
                .setBody(body));
        if (reply.getException() != null) {
            throw new IllegalStateException(reply.getException());
        }
        return reply.getMessage();
    }

    List<Message> keys() {
        return keys;
    }

    List<Message> alarms() {
        return alarms;
    }

    void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(TestTopics.TIMEOUT).until(condition);
    }

    @Override
    public void close() {
        main.shutdown();
    }
}
