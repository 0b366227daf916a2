package org.keyrotation.routes.adoption;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialStatus.Adoption;
import org.keyrotation.model.CredentialStatus.AdoptionState;
import org.keyrotation.routes.ledger.LastKey;

/**
 * The rules by which the adoption of a key follows from what is known of it. The first state that applies is the state:
 *
 * <table>
 *   <caption>States of a consumer</caption>
 *   <tr><th>state</th><th>applies if</th><th>at</th></tr>
 *   <tr><td>ADOPTED</td><td>it has acknowledged the current key</td><td>the acknowledgement</td></tr>
 *   <tr><td>MISSED</td><td>the previous key does not work any more</td><td>previousKeyExpiresAt</td></tr>
 *   <tr><td>RECEIVED</td><td>its consumer group has committed an offset behind the key</td><td>-</td></tr>
 *   <tr><td>PENDING</td><td>otherwise</td><td>-</td></tr>
 * </table>
 */
final class AdoptionRules {

    private static final Duration URGENT_AFTER_EXPIRY = Duration.ofDays(7);

    private AdoptionRules() {}

    /** Returns how a consumer stands with the current key. */
    static Adoption adoption(
            String consumer, LastKey key, @Nullable Acknowledgement acknowledgement, boolean isReceived, Instant now) {
        if (acknowledgement != null) {
            return new Adoption(consumer, AdoptionState.ADOPTED, acknowledgement.at());
        }
        if (!now.isBefore(key.previousKeyExpiresAt())) {
            return new Adoption(consumer, AdoptionState.MISSED, key.previousKeyExpiresAt());
        }
        return new Adoption(consumer, isReceived ? AdoptionState.RECEIVED : AdoptionState.PENDING, null);
    }

    /** Whether a consumer has missed the end of the previous key: it may have adopted the current one since. */
    static boolean isMissed(Adoption adoption, LastKey key) {
        return adoption.state() == AdoptionState.MISSED
                || (adoption.at() != null && adoption.at().isAfter(key.previousKeyExpiresAt()));
    }

    /**
     * Returns from when a consumer that has not adopted the key needs a person: when less than half of the overlap is left.
     *
     * @param rotatedAt the start of the rotation that generated the key
     */
    static Instant urgentFrom(LastKey key, Instant rotatedAt) {
        Duration overlap = Duration.between(rotatedAt, key.previousKeyExpiresAt());
        return key.previousKeyExpiresAt().minus(overlap.dividedBy(2));
    }

    /** Returns until when it needs a person. */
    static Instant urgentUntil(LastKey key) {
        return key.previousKeyExpiresAt().plus(URGENT_AFTER_EXPIRY);
    }

    static boolean isAnyUnadopted(Collection<Adoption> adoptions) {
        return adoptions.stream().anyMatch(adoption -> adoption.state() != AdoptionState.ADOPTED);
    }
}
