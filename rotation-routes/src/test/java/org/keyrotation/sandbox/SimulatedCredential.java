package org.keyrotation.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A credential of the simulated API with all its keys. {@link SimulatedFleet} guards it. */
final class SimulatedCredential {

    enum State {
        ACTIVE,
        INACTIVE,
        REMOVED
    }

    final CredentialId id;
    State state = State.ACTIVE;
    private final @Nullable String firstKey;
    private final List<Generation> generations = new ArrayList<>();

    SimulatedCredential(CredentialId id, @Nullable String firstKey) {
        this.id = id;
        this.firstKey = firstKey;
    }

    void add(Generation generation) {
        generations.add(generation);
    }

    List<Generation> generations() {
        return List.copyOf(generations);
    }

    /** The newest key, or null before the first one. */
    @Nullable
    String currentKey() {
        return keyBefore(generations.size());
    }

    /**
     * The current key works after its activation delay, the previous key until its 24 hours end. Older keys expire at
     * once: the effect of a second rotation is not documented, so the sandbox assumes the worst.
     */
    boolean works(String key, Instant now) {
        if (state != State.ACTIVE) {
            return false;
        }
        int last = generations.size() - 1;
        if (key.equals(currentKey())) {
            return isUsable(last, now);
        }
        return last >= 0
                && key.equals(keyBefore(last))
                && isUsable(last - 1, now)
                && now.isBefore(generations.get(last).previousKeyExpiresAt());
    }

    private @Nullable String keyBefore(int generation) {
        return generation == 0 ? firstKey : generations.get(generation - 1).clientKey();
    }

    private boolean isUsable(int generation, Instant now) {
        return generation < 0 || !now.isBefore(generations.get(generation).usableFrom());
    }
}
