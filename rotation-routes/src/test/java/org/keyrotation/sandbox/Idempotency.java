package org.keyrotation.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers the answer to each Idempotency-Key of a company account, errors too. */
final class Idempotency {

    static final String HEADER = "Idempotency-Key";

    private static final int LONGEST = 64;
    private static final Duration MEMORY = Duration.ofDays(7);

    private final Clock clock;
    private final Map<Scope, Entry> entries = new HashMap<>();
    private boolean enabled = true;

    Idempotency(Clock clock) {
        this.clock = clock;
    }

    synchronized void enabled(boolean newEnabled) {
        enabled = newEnabled;
    }

    /** @throws Refusal 422 */
    synchronized void check(Optional<String> key) {
        if (enabled && key.isPresent() && (key.get().isBlank() || key.get().length() > LONGEST)) {
            throw new Refusal(Problems.invalid(HEADER, key.get(), "must have 1 to 64 characters"));
        }
    }

    /**
     * Begins the work of a key.
     *
     * @return the answer there is already, be it that the first call is still in progress; empty where this is the first
     */
    synchronized Optional<Answer> begin(String companyId, Optional<String> key) {
        if (!enabled || key.isEmpty()) {
            return Optional.empty();
        }
        Entry known = entries.compute(
                new Scope(companyId, key.get()), (scope, entry) -> entry == null || isOld(entry) ? null : entry);
        if (known != null) {
            return Optional.of(known.answer() == null ? Problems.inProgress() : known.answer());
        }
        entries.put(new Scope(companyId, key.get()), new Entry(null, clock.instant()));
        return Optional.empty();
    }

    /** Stores the answer, unless the key has one; the answer then shows that it was processed idempotently. */
    synchronized Answer remember(String companyId, Optional<String> key, Answer answer) {
        if (!enabled || key.isEmpty()) {
            return answer;
        }
        Answer echoing = answer.withHeader(HEADER, key.get());
        entries.merge(
                new Scope(companyId, key.get()),
                new Entry(echoing, clock.instant()),
                (old, fresh) -> old.answer() == null ? fresh : old);
        return echoing;
    }

    private boolean isOld(Entry entry) {
        return entry.at().plus(MEMORY).isBefore(clock.instant());
    }

    private record Scope(String companyId, String key) {}

    private record Entry(@Nullable Answer answer, Instant at) {}
}
