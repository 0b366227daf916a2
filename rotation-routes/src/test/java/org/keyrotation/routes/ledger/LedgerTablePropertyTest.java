package org.keyrotation.routes.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;

/** Readers that parse an entry at its first use, or as they read it, and those of older versions come to the same entry. */
class LedgerTablePropertyTest {

    private static final CredentialId CREDENTIAL = new CredentialId("AcmeCorp", "S2-1");

    /** A record of the credential. It is a tombstone without JSON. */
    record Value(@Nullable String json) {
        byte @Nullable [] bytes() {
            return json == null ? null : json.getBytes(UTF_8);
        }
    }

    @Property(tries = 2000)
    @Tag("I2")
    void whenAnEntryIsParsedChangesNothing(@ForAll @From("logs") List<Value> log, @ForAll int seed) {
        int checkedAt = Math.floorMod(seed, log.size() + 1);
        LedgerEntry parsedAtOnce = entryOrNull(read(log, 0));

        assertThat(entryOrNull(read(log, checkedAt))).isEqualTo(parsedAtOnce);
        assertThat(entryOrNull(read(log, log.size()))).isEqualTo(parsedAtOnce);
    }

    /** An older version parses each record. This one may wait where that one goes on, but never decides by another entry. */
    @Property(tries = 2000)
    @Tag("I2")
    void aReadableEntryIsThatOfAnOlderVersion(@ForAll @From("logs") List<Value> log) {
        LedgerEntry entry = entryOrNull(read(log, log.size()));

        if (entry != null) {
            assertThat(entry).isEqualTo(entryOfAnOlderVersion(log));
        }
    }

    private static LedgerTable read(List<Value> log, int checkedAt) {
        LedgerTable table = new LedgerTable();
        for (int offset = 0; offset < log.size(); offset++) {
            if (offset == checkedAt) {
                table.checkAll();
            }
            byte[] key = CREDENTIAL.toString().getBytes(UTF_8);
            table.apply(
                    new ConsumerRecord<>(
                            "rotation.ledger", 0, offset, key, log.get(offset).bytes()),
                    1);
        }
        table.checkAll();
        return table;
    }

    /** Returns the entry that decisions are made by, or null while they wait. */
    private static @Nullable LedgerEntry entryOrNull(LedgerTable table) {
        return table.firstUnreadable() == null ? table.get(CREDENTIAL) : null;
    }

    private static LedgerEntry entryOfAnOlderVersion(List<Value> log) {
        LedgerEntry current = LedgerEntry.UNSEEN;
        boolean isTombstone = true;
        for (Value value : log) {
            LedgerEntry later = parse(value);
            if (later != null) {
                boolean wins = isTombstone
                        || value.json == null
                        || later.revision() > current.revision()
                        || later.revision() + current.revision() == 0;
                isTombstone = wins ? value.json == null : isTombstone;
                current = wins ? later : current;
            }
        }
        return current;
    }

    private static @Nullable LedgerEntry parse(Value value) {
        try {
            byte[] json = value.bytes();
            return json == null ? LedgerEntry.UNSEEN : EntryJson.read(json);
        } catch (IOException e) {
            return null;
        }
    }

    @Provide
    Arbitrary<List<Value>> logs() {
        Arbitrary<Integer> revisions = Arbitraries.integers().between(0, 4);
        Arbitrary<Instant> times = Arbitraries.integers().between(0, 3).map(Instant::ofEpochSecond);
        Arbitrary<String> values = Arbitraries.frequencyOf(
                Tuple.of(8, Combinators.combine(revisions, times).as(LedgerTablePropertyTest::entry)),
                Tuple.of(1, Combinators.combine(revisions, times).as(LedgerTablePropertyTest::withRevisionLast)),
                Tuple.of(3, revisions.map("{\"revision\":%d,\"settled\":17}"::formatted)),
                Tuple.of(1, revisions.map("{\"revision\":%d,\"revision\":9}"::formatted)),
                Tuple.of(1, Arbitraries.of("{", "null", "{\"settled\":17}", "{\"revision\":-1}")));
        return Arbitraries.frequencyOf(
                        Tuple.of(9, values.map(Value::new)), Tuple.of(1, Arbitraries.create(() -> new Value(null))))
                .list()
                .ofMaxSize(12);
    }

    private static String entry(int revision, Instant seenAt) {
        return new String(EntryJson.write(LedgerEntry.firstSeen(seenAt).withRevision(revision)), UTF_8);
    }

    private static String withRevisionLast(int revision, Instant seenAt) {
        return "{\"firstSeenAt\":\"%s\",\"revision\":%d}".formatted(seenAt, revision);
    }
}
