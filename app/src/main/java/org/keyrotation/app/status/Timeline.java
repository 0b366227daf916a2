package org.keyrotation.app.status;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.follow.EventReader;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.model.UnreadableRequestException;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.retry.RetryMetadata;

/**
 * What happened to one credential, as far as the topics retain it. Of the rotations it has the last one, from the ledger.
 *
 * @param events the events, the latest last
 */
public record Timeline(List<Event> events) {

    /**
     * An event of the timeline.
     *
     * @param kind what happened, in a word
     * @param requestId the id of its request, or null
     */
    public record Event(Instant at, String kind, String detail, @Nullable String requestId) {}

    /** Sorts the events. */
    public Timeline {
        events = events.stream().sorted(comparing(Event::at)).toList();
    }

    /**
     * Reads the topics of requests, failures and satisfied requests.
     *
     * @param entry the credential's entry in the ledger
     * @throws IllegalStateException if the brokers do not answer; its message has the reason
     */
    public static Timeline read(
            KafkaClients clients, RotationSettings settings, CredentialId credential, LedgerEntry entry) {
        Set<Event> events = new LinkedHashSet<>(ofLedger(entry)); // an event may be on its topic twice
        read(clients, settings.intake().requestsTopic(), credential, Timeline::requested, events);
        read(
                clients,
                settings.publish().failuresTopic(),
                credential,
                polled -> EventReader.parse(polled, RotationFailed.class)
                        .map(Timeline::failed)
                        .orElse(null),
                events);
        read(
                clients,
                settings.publish().satisfiedTopic(),
                credential,
                polled -> EventReader.parse(polled, RequestSatisfied.class)
                        .map(Timeline::satisfied)
                        .orElse(null),
                events);
        return new Timeline(List.copyOf(events));
    }

    private static void read(
            KafkaClients clients,
            String topic,
            CredentialId credential,
            Function<ConsumerRecord<byte[], byte[]>, @Nullable Event> parser,
            Collection<Event> events) {
        byte[] key = credential.toString().getBytes(UTF_8);
        EventReader.readAll(clients, topic, Instant.EPOCH, polled -> {
            Event event = Arrays.equals(key, polled.key()) ? parser.apply(polled) : null;
            if (event != null) {
                events.add(event);
            }
        });
    }

    private static List<Event> ofLedger(LedgerEntry entry) {
        List<Event> events = new ArrayList<>();
        if (entry.firstSeenAt() != null && !entry.firstSeenAt().equals(entry.lastRotationAt())) {
            events.add(new Event(entry.firstSeenAt(), "first seen", "by this ledger", null));
        }
        if (entry.lastRotationAt() != null) {
            LastKey key = entry.lastKey();
            events.add(new Event(
                    entry.lastRotationAt(), "rotated", key == null ? "" : "new key " + key.fingerprint(), null));
        }
        if (entry.drift() != null) {
            events.add(new Event(
                    entry.drift().seenAt(),
                    "drifted",
                    "the API has key " + entry.drift().keyFingerprint() + ", rotated by hand",
                    null));
        }
        if (entry.unfinished() != null) {
            events.add(new Event(
                    entry.unfinished().startedAt(),
                    "started",
                    "the rotation is unfinished",
                    entry.unfinished().requestId()));
        }
        return events;
    }

    /** A request that was forwarded to its home partition is there twice, with the same time. */
    @SuppressWarnings("UnusedException") // the failures topic has the reason
    private static @Nullable Event requested(ConsumerRecord<byte[], byte[]> polled) {
        Instant now = Instant.now();
        RetryMetadata metadata = RetryMetadata.read(polled, now);
        RequestSource source = requireNonNull(metadata.source());
        try {
            RotationRequest request =
                    RotationRequest.read(polled.value()).completed(source.toString(), metadata.producedAt());
            return metadata.count() == 0
                    ? new Event(metadata.producedAt(), "requested", description(request), request.requestId())
                    : new Event(
                            RetryMetadata.timestamp(polled, now),
                            "retried",
                            "deferral " + metadata.count() + ": " + metadata.lastError(),
                            request.requestId());
        } catch (UnreadableRequestException e) {
            return null;
        }
    }

    private static String description(RotationRequest request) {
        return Stream.of(
                        request.requestedBy() == null ? null : "by " + request.requestedBy(),
                        request.force() ? "forced" : null,
                        request.reason())
                .filter(Objects::nonNull)
                .collect(joining(", "));
    }

    private static Event failed(RotationFailed failure) {
        return new Event(failure.failedAt(), "failed", failure.code() + ": " + failure.detail(), failure.requestId());
    }

    private static Event satisfied(RequestSatisfied event) {
        return new Event(
                event.satisfiedAt(),
                "satisfied",
                "by the rotation at " + event.lastRotationAt().truncatedTo(ChronoUnit.SECONDS),
                event.requestId());
    }
}
