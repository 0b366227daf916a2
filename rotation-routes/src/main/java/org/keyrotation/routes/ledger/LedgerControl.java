package org.keyrotation.routes.ledger;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The control record of the ledger: which consumer group and which API the ledger belongs to.
 *
 * @param revision one more than that of the record it was made from. A record wins if its revision is greater than that of the
 *     current one.
 * @param group the consumer group whose members read requests, or null if no group has read any yet
 * @param apiHost the host of the Management API, in lower case
 */
public record LedgerControl(long revision, @Nullable String group, String apiHost) {

    /** The key of the control record on the ledger topic. No credential has it. */
    public static final String KEY = "$control";

    private static final int MAX_LENGTH = 255;

    /** @throws IllegalArgumentException if a field is missing or invalid */
    public LedgerControl {
        if (revision < 1 || revision > Long.MAX_VALUE / 2) {
            throw new IllegalArgumentException("revision must be from 1 to " + Long.MAX_VALUE / 2);
        }
        requireText(Objects.requireNonNullElse(apiHost, ""));
        if (group != null) {
            requireText(group);
        }
    }

    /** The first control record of a ledger. */
    public static LedgerControl first(@Nullable String group, String apiHost) {
        return new LedgerControl(1, group, apiHost);
    }

    /** The record with which this group takes the ledger over. */
    public LedgerControl withGroup(String newGroup) {
        return new LedgerControl(revision + 1, newGroup, apiHost);
    }

    /** The same content with the next revision. It repairs the topic after a record that has lost. */
    LedgerControl rewritten() {
        return new LedgerControl(revision + 1, group, apiHost);
    }

    /** Whether members of this group may read requests. */
    boolean isOpenTo(String reader) {
        return group == null || group.equals(reader);
    }

    /** The record is a stranger's text, and is part of messages. */
    private static void requireText(String text) {
        if (text.isBlank() || text.length() > MAX_LENGTH || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "group and apiHost must be 1 to " + MAX_LENGTH + " printable characters");
        }
    }
}
