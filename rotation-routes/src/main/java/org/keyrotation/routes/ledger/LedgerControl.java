package org.keyrotation.routes.ledger;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The control record of the ledger: which consumer group and which API the ledger belongs to, whether the schedule of the
 * whole fleet is paused, and when the API last had the keys of the ledger.
 *
 * @param revision one more than that of the record it was made from. A record wins if its revision is greater than that of the
 *     current one.
 * @param group the consumer group whose members read requests, or null if no group has read any yet
 * @param apiHost the host of the Management API, in lower case
 * @param pause the last pause or resume of the schedule, or null if there was none. An unreadable one counts as a pause.
 * @param confirmedKeys when the check for drift confirmed the keys of each company, or null if it has confirmed none
 */
public record LedgerControl(
        long revision,
        @Nullable String group,
        String apiHost,
        @JsonDeserialize(using = LenientDeserializer.OfPause.class) @Nullable Pause pause,
        @JsonDeserialize(using = LenientDeserializer.OfConfirmedKeys.class) @Nullable ConfirmedKeys confirmedKeys) {

    /** The key of the control record on the ledger topic. No credential has it. */
    public static final String KEY = "$control";

    private static final int MAX_LENGTH = 255;

    /**
     * A pause or a resume of the schedule. A resume is a record of its own: writers keep the fields that a record omits.
     *
     * @param until when a pause ends by itself, or null
     * @param by who paused or resumed
     * @param at when
     */
    public record Pause(
            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL) boolean paused,
            @Nullable Instant until,
            @Nullable String by,
            @Nullable Instant at) {

        /** A pause that cannot be read. It counts as paused until a pause or a resume replaces it. */
        static final Pause UNREADABLE = new Pause(true, null, "an unreadable pause in the control record", null);

        /** @throws IllegalArgumentException if the name is invalid */
        public Pause {
            if (by != null) {
                requireText(by);
            }
        }

        /** Whether the schedule makes no requests at this time. */
        public boolean isActive(Instant now) {
            return paused && (until == null || now.isBefore(until));
        }
    }

    /**
     * When the API had the ledger's key for every credential of a company that the ledger knows a key of. An instance that starts
     * knows by it when the previous key of a drifted credential was last seen.
     *
     * @param byCompany the latest such time of each companyId
     */
    public record ConfirmedKeys(@JsonValue Map<String, Instant> byCompany) {

        static final ConfirmedKeys NONE = new ConfirmedKeys(Map.of());

        /** @throws NullPointerException if a time is missing */
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        public ConfirmedKeys {
            byCompany = Map.copyOf(byCompany);
        }

        /** The latest times of these companies. */
        ConfirmedKeys with(Map<String, Instant> later, Set<String> companies) {
            Map<String, Instant> merged = new HashMap<>(byCompany);
            merged.keySet().retainAll(companies);
            later.forEach((company, at) -> merged.merge(company, at, (one, other) -> one.isAfter(other) ? one : other));
            return new ConfirmedKeys(merged);
        }
    }

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
        return new LedgerControl(1, group, apiHost, null, null);
    }

    /** The record with which this group takes the ledger over. */
    public LedgerControl withGroup(String newGroup) {
        return new LedgerControl(revision + 1, newGroup, apiHost, pause, confirmedKeys);
    }

    /** The record that pauses or resumes the schedule. */
    LedgerControl withPause(Pause newPause) {
        return new LedgerControl(revision + 1, group, apiHost, newPause, confirmedKeys);
    }

    /** The record with the times at which the check for drift has confirmed the keys of companies. */
    LedgerControl withConfirmedKeys(Map<String, Instant> byCompany, Set<String> companies) {
        ConfirmedKeys before = confirmedKeys == null ? ConfirmedKeys.NONE : confirmedKeys;
        return new LedgerControl(revision + 1, group, apiHost, pause, before.with(byCompany, companies));
    }

    /** Returns when the API last had the ledger's key of each credential of this company, or null. */
    public @Nullable Instant confirmedAt(String companyId) {
        return confirmedKeys == null ? null : confirmedKeys.byCompany().get(companyId);
    }

    /** Returns the pause of the schedule that is active at this time, or null. */
    public @Nullable Pause activePause(Instant now) {
        return pause != null && pause.isActive(now) ? pause : null;
    }

    /** The same content with the next revision. It repairs the topic after a record that has lost. */
    LedgerControl rewritten() {
        return new LedgerControl(revision + 1, group, apiHost, pause, confirmedKeys);
    }

    /** Whether members of this group may read requests. */
    boolean isOpenTo(String reader) {
        return group == null || group.equals(reader);
    }

    /** The record is a stranger's text, and is part of messages. */
    private static void requireText(String text) {
        if (text.isBlank() || text.length() > MAX_LENGTH || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("names must be 1 to " + MAX_LENGTH + " printable characters");
        }
    }
}
