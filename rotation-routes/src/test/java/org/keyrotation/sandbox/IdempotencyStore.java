package org.keyrotation.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The responses by Idempotency-Key of each company account, errors included. */
final class IdempotencyStore {

    static final String HEADER = "Idempotency-Key";

    private static final int MAX_LENGTH = 64;
    private static final Duration RETENTION = Duration.ofDays(7);

    private final Clock clock;
    private final Map<Scope, Entry> entries = new HashMap<>();
    private boolean enabled = true;

    IdempotencyStore(Clock clock) {
        this.clock = clock;
    }

    synchronized void setEnabled(boolean newEnabled) {
        enabled = newEnabled;
    }

    /** @throws ErrorResponseException 422 */
    synchronized void validate(Optional<String> key) {
        if (enabled && key.isPresent() && (key.get().isBlank() || key.get().length() > MAX_LENGTH)) {
            throw new ErrorResponseException(Problems.invalid(HEADER, key.get(), "must have 1 to 64 characters"));
        }
    }

    /**
     * Marks a new key as in progress.
     *
     * @return the response to replay, or a 704 while the first call is in progress; empty for a new key
     */
    synchronized Optional<ApiResponse> lookupOrStart(String companyId, Optional<String> key) {
        if (!enabled || key.isEmpty()) {
            return Optional.empty();
        }
        Entry existing = entries.compute(
                new Scope(companyId, key.get()), (scope, entry) -> entry == null || isExpired(entry) ? null : entry);
        if (existing != null) {
            return Optional.of(existing.response() == null ? Problems.inProgress() : existing.response());
        }
        entries.put(new Scope(companyId, key.get()), new Entry(null, clock.instant()));
        return Optional.empty();
    }

    /** Stores the response, unless the key has one, and echoes the key in its headers. */
    synchronized ApiResponse store(String companyId, Optional<String> key, ApiResponse response) {
        if (!enabled || key.isEmpty()) {
            return response;
        }
        ApiResponse echoed = response.withHeader(HEADER, key.get());
        entries.merge(
                new Scope(companyId, key.get()),
                new Entry(echoed, clock.instant()),
                (old, fresh) -> old.response() == null ? fresh : old);
        return echoed;
    }

    private boolean isExpired(Entry entry) {
        return entry.at().plus(RETENTION).isBefore(clock.instant());
    }

    private record Scope(String companyId, String key) {}

    private record Entry(@Nullable ApiResponse response, Instant at) {}
}
