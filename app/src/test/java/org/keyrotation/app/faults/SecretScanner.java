package org.keyrotation.app.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Finds the simulated API's client keys and API key in raw bytes: key, value and headers of a record. */
final class SecretScanner {

    private static final String CLIENT_KEY = "(test|live)_[A-Z0-9]{32}";

    private final Pattern secrets;

    SecretScanner(String apiKey) {
        this.secrets = Pattern.compile(CLIENT_KEY + "|" + Pattern.quote(apiKey));
    }

    boolean containsSecret(ConsumerRecord<byte[], byte[]> record) {
        Stream<byte[]> headers = Stream.of(record.headers().toArray()).map(Header::value);
        return Stream.concat(Stream.of(record.key(), record.value()), headers)
                .filter(Objects::nonNull)
                .anyMatch(bytes -> containsSecret(new String(bytes, ISO_8859_1)));
    }

    boolean containsSecret(String text) {
        return secrets.matcher(text).find();
    }
}
