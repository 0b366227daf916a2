package org.keyrotation.routes.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The queue with a policy whose flows are throttled as long as they have a wait. */
class FairQueueTest {

    private static final int SLOTS = 16;

    private final Map<String, Duration> waits = new HashMap<>();
    private final Set<String> withoutPermit = new HashSet<>();
    private int attempts;
    private long nanoTime;
    private final FairQueue queue = new FairQueue(
            new TestStartPolicy(this::tryAcquireStart, polled -> !withoutPermit.contains(key(polled))),
            SLOTS,
            () -> nanoTime);
    private long offset;

    @Nested
    class Fairness {

        @Test
        void flowsAlternateAndEachKeepsItsOrder() {
            add("Acme/1", "Acme/2", "Acme/3", "Other/1", "Third/1");

            assertThat(pollAll()).containsExactly("Acme/1", "Other/1", "Third/1", "Acme/2", "Acme/3");
        }

        @Test
        @Tag("I1")
        void flowWithTheFewestRecordsInFlightIsFirst() {
            add("Acme/1", "Acme/2", "Acme/3", "Other/1", "Other/2", "Other/3");
            List<@Nullable String> started = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                InFlightRecord next = requireNonNull(queue.poll());
                started.add(key(next));
                if (next.flow().equals("Other")) {
                    queue.release(next);
                }
            }

            assertThat(started).containsExactly("Acme/1", "Other/1", "Other/2", "Other/3", "Acme/2");
        }

        @Test
        void releasedRecordNoLongerCountsForItsFlow() {
            add("Acme/1", "Acme/2", "Other/1", "Other/2");
            InFlightRecord first = requireNonNull(queue.poll());
            InFlightRecord unused = queue.poll();

            queue.release(first);

            assertThat(pollAll()).containsExactly("Acme/2", "Other/2");
        }
    }

    @Nested
    class Reserve {

        @Test
        @Tag("I1")
        void flowsLeaveSlotsToThoseThatComeLater() {
            add("Acme", 20);
            assertThat(pollAll()).hasSize(14);

            add("Other", 20);
            assertThat(pollAll()).containsExactly("Other/1");
            add("Third", 20);

            assertThat(pollAll()).containsExactly("Third/1");
        }

        @Test
        void manyFlowsUseAllSlots() {
            IntStream.rangeClosed(1, 20).forEach(i -> add("Flow" + i, 1));

            assertThat(pollAll()).hasSize(SLOTS);
        }

        @Test
        void releasedSlotGoesToTheFlowThatHasLeftTheReserve() {
            List<InFlightRecord> added = add("Acme", 20);
            List<@Nullable String> unused = pollAll();

            queue.release(added.get(0));

            assertThat(pollAll()).containsExactly("Acme/15");
        }

        private List<InFlightRecord> add(String flow, int records) {
            return FairQueueTest.this.add(IntStream.rangeClosed(1, records)
                    .mapToObj(i -> flow + "/" + i)
                    .toArray(String[]::new));
        }
    }

    @Nested
    class Throttling {

        @Test
        void throttledFlowBlocksNoOtherFlow() {
            waits.put("Acme", Duration.ofMillis(70));
            add("Acme/1", "Acme/2", "Other/1", null, "no flow");

            assertThat(pollAll()).containsExactlyInAnyOrder("Other/1", null, "no flow");
        }

        @Test
        void throttledFlowContinuesInItsOrderAfterItsDelay() {
            waits.put("Acme", Duration.ofMillis(70));
            add("Acme/1", "Acme/2");
            assertThat(pollAll()).isEmpty();
            add("Acme/3");

            endThrottling();

            assertThat(pollAll()).containsExactly("Acme/1", "Acme/2", "Acme/3");
        }

        @Test
        void recordThatNeedsNoPermitIsNotDelayed() {
            waits.put("Acme", Duration.ofMillis(70));
            withoutPermit.addAll(Set.of("Acme/2", "Acme/4"));
            add("Acme/1", "Acme/2", "Acme/3", "Acme/4");

            assertThat(pollAll()).containsExactly("Acme/2", "Acme/4");
            endThrottling();
            assertThat(pollAll()).containsExactly("Acme/1", "Acme/3");
        }

        @Test
        void recordThatNeedsNoPermitIsNotDelayedInAFlowThatIsDelayedAlready() {
            waits.put("Acme", Duration.ofMillis(70));
            withoutPermit.add("Acme/2");
            add("Acme/1");
            assertThat(queue.poll()).isNull();

            add("Acme/2");

            assertThat(pollAll()).containsExactly("Acme/2");
            assertThat(queue.delay()).isEqualTo(Duration.ofMillis(70));
        }

        @Test
        void delayedFlowTriesToAcquireAPermitOnlyAfterItsDelay() {
            for (int flow = 0; flow < 1_000; flow++) {
                waits.put("Flow" + flow, Duration.ofMillis(70));
                add("Flow" + flow + "/1");
            }
            assertThat(queue.poll()).isNull();
            add("Other/1", "Other/2");
            attempts = 0;

            assertThat(pollAll()).containsExactly("Other/1", "Other/2");

            assertThat(attempts).isEqualTo(2);
        }
    }

    @Nested
    class Delay {

        @Test
        void isTheShortestOfAllFlows() {
            waits.put("Acme", Duration.ofMillis(70));
            waits.put("Other", Duration.ofMillis(30));
            add("Acme/1", "Other/1");

            assertThat(queue.poll()).isNull();

            assertThat(queue.delay()).isEqualTo(Duration.ofMillis(30));
        }

        @Test
        void isNullWhenNoFlowIsDelayed() {
            assertThat(queue.poll()).isNull();
            assertThat(queue.delay()).isNull();

            add("Acme/1");
            assertThat(queue.poll()).isNotNull();
            assertThat(queue.delay()).isNull();
        }
    }

    @Nested
    class Revocation {

        @Test
        void revokedRecordsAreRemovedWhetherTheyNeedAPermitOrAreUnchecked() {
            waits.put("Acme", Duration.ofMillis(70));
            List<InFlightRecord> polled = add("Acme/1", "Acme/2", "Acme/3", "Other/1");
            InFlightRecord unused = queue.poll();
            polled.get(0).revoke();
            polled.get(2).revoke();
            queue.removeRevoked();

            endThrottling();

            assertThat(pollAll()).containsExactly("Acme/2");
        }
    }

    private Duration tryAcquireStart(String flow) {
        attempts++;
        return waits.getOrDefault(flow, Duration.ZERO);
    }

    private void endThrottling() {
        waits.clear();
        nanoTime += Duration.ofSeconds(1).toNanos();
    }

    private List<InFlightRecord> add(@Nullable String... keys) {
        List<InFlightRecord> added = new ArrayList<>();
        for (String key : keys) {
            InFlightRecord polled = newRecord(key);
            queue.add(polled);
            added.add(polled);
        }
        return added;
    }

    private InFlightRecord newRecord(@Nullable String key) {
        byte[] bytes = key == null ? null : key.getBytes(UTF_8);
        GroupLease lease = new GroupLease(Duration.ofSeconds(45), () -> 0, () -> 0);
        return new InFlightRecord(
                new ConsumerRecord<>("rotation.requests", 0, offset++, bytes, new byte[0]),
                TestStartPolicy.flow(bytes),
                1,
                lease);
    }

    private List<@Nullable String> pollAll() {
        List<@Nullable String> keys = new ArrayList<>();
        for (InFlightRecord next = queue.poll(); next != null; next = queue.poll()) {
            keys.add(key(next));
        }
        return keys;
    }

    private static @Nullable String key(InFlightRecord polled) {
        byte[] key = polled.consumerRecord().key();
        return key == null ? null : new String(key, UTF_8);
    }
}
