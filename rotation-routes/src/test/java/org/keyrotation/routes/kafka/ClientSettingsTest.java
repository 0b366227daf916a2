package org.keyrotation.routes.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.api.Test;
import org.keyrotation.routes.Markdown;

class ClientSettingsTest {

    private static final String OVERRIDDEN = " is overridden";
    private static final String REFUSED = " is refused";

    /** Settings with a value of their own in each client, or with a class that a reader need not know. */
    private static final Map<String, String> OWN = Map.of(
            "group.id", "rotation.kafka.group-id",
            "interceptor.classes", "one that checks these settings",
            "isolation.level", "read_committed; the ledger has read_uncommitted",
            "key.serializer", "text and bytes",
            "value.serializer", "text and bytes",
            "delivery.timeout.ms", "up to 15 s, of a producer",
            "max.block.ms", "up to 15 s, of a producer",
            "request.timeout.ms", "up to 15 s, of a producer");

    @Test
    void tableOfTheReadmeHasEachSetting() {
        Map<String, String> documented = new TreeMap<>();
        Markdown.read(Path.of("../app/README.md"))
                .section("Settings of Kafka's clients")
                .rows()
                .forEach(row -> {
                    for (String name : row.get(0).replace("(of Camel)", "").split(",", -1)) {
                        documented.put(name.strip(), row.get(1) + " is " + row.get(2));
                    }
                });

        assertThat(documented).isEqualTo(settings());
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        Stream.of(ClientSettings.CONSUMER, ClientSettings.PRODUCER, OWN)
                .forEach(map -> map.forEach((name, value) -> settings.put(
                        name,
                        value.substring(value.startsWith("org.") ? value.lastIndexOf('.') + 1 : 0) + OVERRIDDEN)));
        RefusedSetting.ALL.forEach(setting -> settings.put(setting.name(), setting.expected() + REFUSED));
        KafkaComponentOptions.REFUSED
                .keySet()
                .forEach(name -> settings.put(StringHelper.camelCaseToDash(name), ClientSettings.UNSET + REFUSED));
        return settings;
    }

    /** {@link #OWN} names the settings that a producer of a route has beside those of every producer. */
    @Test
    void settingsOfAProducerAreDocumented() {
        Properties producer = ClientSettings.producer(new Properties(), TopicProducer.CLIENT_SETTINGS);

        assertThat(producer.stringPropertyNames()).isSubsetOf(settings().keySet());
        assertThat(settings().keySet()).containsAll(TopicProducer.CLIENT_SETTINGS.keySet());
    }
}
