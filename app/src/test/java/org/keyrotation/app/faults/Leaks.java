package org.keyrotation.app.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Looks for client keys of the simulated API, and for its API key, in raw bytes: key, value and headers of a record. */
final class Leaks {

    private static final String CLIENT_KEY = "(test|live)_[A-Z0-9]{32}";

    private final Pattern secrets;

    Leaks(String apiKey) {
        this.secrets = Pattern.compile(CLIENT_KEY + "|" + Pattern.quote(apiKey));
    }

    boolean in(ConsumerRecord<byte[], byte[]> found) {
        Stream<byte[]> headers = Stream.of(found.headers().toArray()).map(Header::value);
        return Stream.concat(Stream.of(found.key(), found.value()), headers)
                .filter(Objects::nonNull)
                .anyMatch(bytes -> in(new String(bytes, ISO_8859_1)));
    }

    boolean in(String text) {
        return secrets.matcher(text).find();
    }
}
