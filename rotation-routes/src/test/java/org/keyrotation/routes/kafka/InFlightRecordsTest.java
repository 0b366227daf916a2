package org.keyrotation.routes.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The handler of a record runs when the test completes or fails the record: it is in flight until then. */
class InFlightRecordsTest {

    private static final String TOPIC = "rotation.requests";
    private static final TopicPartition P0 = new TopicPartition(TOPIC, 0);
    private static final TopicPartition P1 = new TopicPartition(TOPIC, 1);
    private static final CompletableFuture<Void> READY = CompletableFuture.completedFuture(null);
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final Duration NEVER = Duration.ofHours(2);
    private static final int CAPACITY = 8;
    private static final int MAX_CONCURRENCY = 4;

    /** The handlers of the records in flight, the one that was started first at index 0. */
    private final Deque<Runnable> inFlight = new ArrayDeque<>();

    private final List<String> processed = new ArrayList<>();
    private final AtomicBoolean failNext = new AtomicBoolean();
    private final InFlightRecords records = new InFlightRecords(
            CAPACITY,
            MAX_CONCURRENCY,
            new FairQueue(StartPolicy.UNTHROTTLED, MAX_CONCURRENCY, () -> 0),
            Runnable::run,
            NEVER,
            this::handle);

    @Nested
    class Offsets {

        @Test
        @Tag("I5")
        void committableOffsetStopsAtTheFirstIncompleteRecord() {
            enqueue(P0, 10, "a");
            enqueue(P0, 11, "b");
            enqueue(P0, 12, "c");

            complete(1);
            complete(1);
            assertThat(processed).containsExactly("0@11", "0@12");
            assertThat(records.committableOffsets()).containsExactly(Map.entry(P0, 10L));

            complete(0);
            assertThat(records.committableOffsets()).containsExactly(Map.entry(P0, 13L));
        }

        @Test
        @Tag("I5")
        void committableOffsetOfAPartitionDependsOnNoOtherPartition() {
            enqueue(P0, 10, "a");
            enqueue(P1, 70, "b");

            complete(1);

            assertThat(records.committableOffsets()).containsOnly(Map.entry(P0, 10L), Map.entry(P1, 71L));
        }

        /** A transaction or compaction leaves gaps between offsets. */
        @Test
        @Tag("I5")
        void gapBetweenOffsetsDoesNotHoldBackTheCommittableOffset() {
            enqueue(P0, 10, "a");
            enqueue(P0, 20, "b");

            complete(0);
            assertThat(records.committableOffsets()).containsExactly(Map.entry(P0, 20L));

            complete(0);
            assertThat(records.committableOffsets()).containsExactly(Map.entry(P0, 21L));
        }

        @Test
        @Tag("I5")
        void recordThatIsNeverEnqueuedIsNeitherStartedNorCommitted() {
            add(P0, 10, "a");
            enqueue(P0, 11, "b");

            complete(0);

            assertThat(processed).containsExactly("0@11");
            assertThat(records.committableOffsets()).containsExactly(Map.entry(P0, 10L));
        }
    }

    @Nested
    class Starting {

        @Test
        void recordThatWasNotAddedBeforeIsNotStarted() {
            records.enqueue(P0, 10);
            add(P0, 10, "a");
            records.enqueue(P0, 11);

            assertThat(inFlight).isEmpty();
        }

        @Test
        @Tag("I2")
        void enqueuedRecordStartsOnlyWhenItIsReady() {
            CompletableFuture<Void> ready = new CompletableFuture<>();
            InFlightRecord polled = newRecord(P0, 10, "a");
            records.add(List.of(polled), ready);
            records.enqueue(P0, 10);
            assertThat(inFlight).isEmpty();

            ready.complete(null);

            assertThat(inFlight).hasSize(1);
        }

        @Test
        void readyRecordStartsOnlyWhenItIsEnqueued() {
            add(P0, 10, "a");
            assertThat(inFlight).isEmpty();

            records.enqueue(P0, 10);

            assertThat(inFlight).hasSize(1);
        }

        @Test
        void recordsOfOnePollStartInTheirOrder() {
            CompletableFuture<Void> ready = new CompletableFuture<>();
            List<InFlightRecord> polled =
                    List.of(newRecord(P0, 10, "a"), newRecord(P0, 11, "b"), newRecord(P0, 12, "c"));
            records.add(polled, ready);
            polled.forEach(each -> records.enqueue(P0, each.offset()));

            ready.complete(null);
            complete(0);
            complete(0);
            complete(0);

            assertThat(processed).containsExactly("0@10", "0@11", "0@12");
        }
    }

    @Nested
    class Ordering {

        @Test
        @Tag("I2")
        void recordsOfOneKeyAreProcessedInOrderAndThoseOfOtherKeysInParallel() {
            enqueue(P0, 10, "a");
            enqueue(P0, 11, "a");
            enqueue(P0, 12, "a");
            enqueue(P0, 13, "b");
            enqueue(P1, 70, "c");
            assertThat(inFlight).hasSize(3);

            while (!inFlight.isEmpty()) {
                complete(0);
            }

            assertThat(processed).containsExactlyInAnyOrder("0@10", "0@11", "0@12", "0@13", "1@70");
            assertThat(processed).containsSubsequence("0@10", "0@11", "0@12");
        }

        @Test
        void recordWaitsForAnEarlierRecordOfItsKeyThatIsNotReady() {
            CompletableFuture<Void> ready = new CompletableFuture<>();
            records.add(List.of(newRecord(P0, 10, "a")), ready);
            records.enqueue(P0, 10);
            enqueue(P0, 11, "a");
            assertThat(inFlight).isEmpty();

            ready.complete(null);
            complete(0);
            complete(0);

            assertThat(processed).containsExactly("0@10", "0@11");
        }

        @Test
        void recordsOfOneKeyAreOrderedAcrossPartitions() {
            enqueue(P0, 10, "a");
            enqueue(P1, 70, "a");

            assertThat(inFlight).hasSize(1);
        }

        @Test
        void recordsWithoutAKeyAreProcessedInParallel() {
            enqueue(P0, 10, null);
            enqueue(P0, 11, null);

            assertThat(inFlight).hasSize(2);
        }

        @Test
        @Tag("I2")
        void orderOfEachKeyAndMaxConcurrencyHoldWithManyThreads() throws InterruptedException {
            ConcurrencyProbe probe = new ConcurrencyProbe();
            ExecutorService pool = Executors.newFixedThreadPool(8);
            InFlightRecords parallel = new InFlightRecords(
                    1000,
                    3,
                    new FairQueue(StartPolicy.UNTHROTTLED, 3, () -> 0),
                    Runnable::run,
                    NEVER,
                    started -> CompletableFuture.runAsync(() -> probe.handle(started), pool));
            List<InFlightRecord> polled = IntStream.range(0, 300)
                    .mapToObj(offset -> newRecord(P0, offset, "key-" + offset % 7))
                    .toList();

            polled.forEach(each -> parallel.add(List.of(each), READY));
            polled.forEach(each -> parallel.enqueue(P0, each.offset()));
            await().atMost(TIMEOUT).until(() -> parallel.committableOffsets().get(P0), Long.valueOf(300)::equals);
            pool.shutdown();

            assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            assertThat(probe.peak.get()).isBetween(1, 3);
            assertThat(probe.offsets).hasSize(300);
            for (int i = 0; i < 7; i++) {
                int key = i;
                assertThat(probe.offsets.stream().filter(offset -> offset % 7 == key))
                        .isSorted();
            }
        }
    }

    @Nested
    class Concurrency {

        @Test
        void recordsInFlightAreAtMostTheMaxConcurrency() {
            for (int offset = 10; offset < 18; offset++) {
                enqueue(P0, offset, "key-" + offset);
            }
            assertThat(inFlight).hasSize(4);

            complete(0);

            assertThat(inFlight).hasSize(4);
        }

        @Test
        void synchronousHandlersDoNotExhaustTheStack() {
            AtomicInteger completed = new AtomicInteger();
            InFlightRecords synchronous = new InFlightRecords(
                    20_000, 1, new FairQueue(StartPolicy.UNTHROTTLED, 1, () -> 0), Runnable::run, NEVER, started -> {
                        completed.incrementAndGet();
                        return CompletableFuture.completedFuture(null);
                    });
            synchronous.pause();
            for (int offset = 0; offset < 10_000; offset++) {
                enqueue(synchronous, newRecord(P0, offset, "key-" + offset));
            }

            synchronous.resume();

            assertThat(completed).hasValue(10_000);
        }
    }

    @Nested
    class SlowStart {

        @Test
        void endsWithTheFirstRecordThatCompletesOrFails() {
            InFlightRecords starting = starting(NEVER);
            for (int offset = 0; offset < 100; offset++) {
                enqueue(starting, newRecord(P0, offset, "key-" + offset));
            }
            assertThat(countInFlight()).isEqualTo(16);

            fail(0);

            assertThat(countInFlight()).isEqualTo(64);
        }

        @Test
        @Tag("I1")
        void endsAfterItsTimeoutWhenNoRecordCompletes() {
            InFlightRecords starting = starting(Duration.ofMillis(10));
            for (int offset = 0; offset < 100; offset++) {
                enqueue(starting, newRecord(P0, offset, "key-" + offset));
            }

            awaitInFlight(64);
        }

        private InFlightRecords starting(Duration slowStartTimeout) {
            return new InFlightRecords(
                    100,
                    64,
                    new FairQueue(StartPolicy.UNTHROTTLED, 100, () -> 0),
                    Runnable::run,
                    slowStartTimeout,
                    InFlightRecordsTest.this::handle);
        }
    }

    @Nested
    class Capacity {

        @Test
        void bufferIsFullAtItsCapacity() {
            for (int offset = 10; offset < 17; offset++) {
                add(P0, offset, "a");
            }
            assertThat(records.isFull()).isFalse();

            add(P0, 17, "a");

            assertThat(records.isFull()).isTrue();
        }

        @Test
        void bufferIsFullWithAFewLargeRecords() {
            byte[] value = new byte[20 * 1024 * 1024];
            enqueue(records, newRecord(P0, 10, "a", value));
            assertThat(records.isFull()).isFalse();
            enqueue(records, newRecord(P0, 11, "b", value));
            assertThat(records.isFull()).isTrue();

            complete(0);
            assertThat(records.isFull()).isFalse();
        }

        @Test
        void revokedRecordsFreeCapacity() {
            for (int offset = 10; offset < 18; offset++) {
                enqueue(P0, offset, "a");
            }

            records.revoke(List.of(P0));

            assertThat(records.isFull()).isFalse();
            assertThat(records.committableOffsets()).isEmpty();
        }

        @Test
        void incompleteRecordThatIsPolledAgainTakesNoCapacity() {
            enqueue(P0, 10, "a");
            for (int time = 0; time < 8; time++) {
                enqueue(P0, 10, "a");
            }

            assertThat(records.isFull()).isFalse();
        }
    }

    @Nested
    class Pausing {

        @Test
        void recordsStartAfterResumeOnly() {
            enqueue(P0, 10, "a");
            enqueue(P0, 11, "a");
            records.pause();

            complete(0);
            enqueue(P0, 12, "b");
            assertThat(inFlight).isEmpty();

            records.resume();
            assertThat(inFlight).hasSize(2);
        }

        @Test
        void recordsInFlightCompleteDuringAPause() {
            enqueue(P0, 10, "a");
            records.pause();

            complete(0);

            assertThat(records.committableOffsets()).containsExactly(Map.entry(P0, 11L));
        }
    }

    @Nested
    class Draining {

        @Test
        @Tag("I5")
        void drainWaitsForRecordsInFlightAndStartsNoMore() {
            enqueue(P0, 10, "a");
            enqueue(P0, 11, "a");
            Drain drain = drain(P0, TIMEOUT);
            await().atMost(TIMEOUT).until(drain::isWaiting);

            complete(0);

            await().atMost(TIMEOUT).until(drain::isDone);
            assertThat(inFlight).isEmpty();
            assertThat(records.committableOffsets()).containsExactly(Map.entry(P0, 11L));
        }

        /** The record of the other partition fails later: once it is retried, a retry of the first one would be due. */
        @Test
        @Tag("I2")
        void recordThatFailsDuringADrainIsNotRetried() {
            InFlightRecord draining = enqueue(P0, 10, "a");
            enqueue(P0, 11, "b");
            Drain drain = drain(P0, TIMEOUT);
            await().atMost(TIMEOUT).until(drain::isWaiting);

            fail(0);
            InFlightRecord retried = enqueue(P1, 70, "c");
            fail(1);
            await().atMost(TIMEOUT).until(() -> state(retried) == InFlightRecord.State.IN_FLIGHT);

            assertThat(state(draining)).isEqualTo(InFlightRecord.State.QUEUED);
            complete(0);
            await().atMost(TIMEOUT).until(drain::isDone);
        }

        @Test
        void drainWaitsNeitherForQueuedRecordsNorForOtherPartitions() {
            add(P0, 10, "a");
            enqueue(P1, 70, "b");

            Drain drain = drain(P0, Duration.ofMinutes(1));

            await().atMost(TIMEOUT).until(drain::isDone);
            assertThat(inFlight).hasSize(1);
        }

        @Test
        void otherPartitionsContinueAfterADrain() {
            enqueue(P0, 10, "a");
            enqueue(P1, 70, "b");
            enqueue(P1, 71, "b");

            Drain drain = drain(P0, TIMEOUT);
            complete(0);
            await().atMost(TIMEOUT).until(drain::isDone);
            complete(0);

            assertThat(inFlight).hasSize(1);
        }

        @Test
        void drainEndsAtItsTimeout() {
            enqueue(P0, 10, "a");

            Drain drain = drain(P0, Duration.ofMillis(50));

            await().atMost(TIMEOUT).until(drain::isDone);
            assertThat(inFlight).hasSize(1);
        }

        @Test
        @Tag("I2")
        void recordInFlightKeepsItsOwnershipDuringADrainUntilItIsRevoked() {
            InFlightRecord started = enqueue(P0, 10, "a");
            InFlightRecord queued = enqueue(P0, 11, "a");
            InFlightRecord polled = add(P0, 12, "b");

            Drain drain = drain(P0, Duration.ofMillis(50));
            await().atMost(TIMEOUT).until(drain::isDone);
            assertThat(List.of(started.isHeld(), queued.isHeld(), polled.isHeld()))
                    .containsExactly(true, false, false);

            records.revoke(List.of(P0));
            assertThat(List.of(started.isHeld(), queued.isHeld(), polled.isHeld()))
                    .containsExactly(false, false, false);
        }
    }

    /** A zombie is a revoked record whose handler has not ended. */
    @Nested
    class Revocation {

        @Test
        void recordsOfOtherPartitionsKeepTheirOwnership() {
            enqueue(P0, 10, "a");
            InFlightRecord other = enqueue(P1, 70, "b");

            records.revoke(List.of(P0));

            assertThat(other.isHeld()).isTrue();
            assertThat(records.partitions()).containsExactly(P1);
        }

        @Test
        @Tag("I2")
        void revokedRecordNeverStarts() {
            CompletableFuture<Void> ready = new CompletableFuture<>();
            records.add(List.of(newRecord(P0, 10, "a")), ready);
            records.enqueue(P0, 10);
            add(P0, 11, "b");

            records.revoke(List.of(P0));
            ready.complete(null);
            records.enqueue(P0, 10);
            records.enqueue(P0, 11);
            records.resume();

            assertThat(inFlight).isEmpty();
        }

        @Test
        @Tag("I2")
        void revokedRecordThatBecomesTheHeadOfItsKeyDoesNotStart() {
            records.add(List.of(newRecord(P0, 10, "a")), new CompletableFuture<>());
            records.enqueue(P0, 10);
            enqueue(P0, 11, "a");

            records.revoke(List.of(P0));

            assertThat(inFlight).isEmpty();
        }

        @Test
        void recordOfAnotherPartitionStartsWhenTheHeadOfItsKeyIsRevoked() {
            records.add(List.of(newRecord(P0, 10, "a")), new CompletableFuture<>());
            records.enqueue(P0, 10);
            enqueue(P1, 70, "a");

            records.revoke(List.of(P0));
            complete(0);

            assertThat(processed).containsExactly("1@70");
        }

        @Test
        @Tag("I2")
        void headOfAKeyStartsOnceWhenARecordBehindItIsRevoked() {
            for (int offset = 10; offset < 14; offset++) {
                enqueue(P0, offset, "busy-" + offset);
            }
            enqueue(P0, 14, "a");
            enqueue(P1, 70, "a");

            records.revoke(List.of(P1));
            while (!inFlight.isEmpty()) {
                complete(0);
            }

            assertThat(processed).containsOnlyOnce("0@14");
        }

        @Test
        @Tag("I2")
        void recordThatIsPolledAgainWaitsForItsZombieWhichStaysRevoked() {
            InFlightRecord zombie = enqueue(P0, 10, "a");
            records.revoke(List.of(P0));

            InFlightRecord again = enqueue(P0, 10, "a");
            assertThat(inFlight).hasSize(1);
            assertThat(List.of(zombie.isHeld(), again.isHeld())).containsExactly(false, true);

            complete(0);
            assertThat(inFlight).hasSize(1);
            assertThat(zombie.isHeld()).isFalse();
        }

        @Test
        @Tag("I5")
        void zombieThatCompletesCommitsNothing() {
            enqueue(P0, 10, "a");
            records.revoke(List.of(P0));
            enqueue(P0, 10, "a");

            complete(0);
            assertThat(records.committableOffsets()).containsExactly(Map.entry(P0, 10L));

            complete(0);
            assertThat(records.committableOffsets()).containsExactly(Map.entry(P0, 11L));
            assertThat(processed).containsExactly("0@10", "0@10");
        }

        @Test
        void zombieThatFailsIsNotRetried() {
            enqueue(P0, 10, "a");
            records.revoke(List.of(P0));
            InFlightRecord again = enqueue(P0, 10, "a");

            fail(0);

            assertThat(inFlight).hasSize(1);
            complete(0);
            assertThat(processed).containsExactly("0@10");
            assertThat(again.failures).isZero();
        }

        @Test
        void zombiesCountTowardsTheMaxConcurrency() {
            for (int offset = 10; offset < 14; offset++) {
                enqueue(P0, offset, "key-" + offset);
            }
            records.revoke(List.of(P0));

            enqueue(P1, 70, "another");

            assertThat(inFlight).hasSize(4);
        }
    }

    @Nested
    class Retries {

        @Test
        @Tag("I1")
        @Tag("I5")
        void failedRecordIsRetriedAndNotCommittedBefore() {
            enqueue(P0, 10, "a");

            fail(0);
            assertThat(records.committableOffsets()).containsExactly(Map.entry(P0, 10L));

            awaitInFlight(1);
            complete(0);
            assertThat(processed).containsExactly("0@10");
            assertThat(records.committableOffsets()).containsExactly(Map.entry(P0, 11L));
        }

        @Test
        @Tag("I1")
        @Tag("I5")
        void recordThatFailedWhileItsLeaseWasInvalidIsRetriedWhenTheLeaseIsRenewed() {
            AtomicLong nanoTime = new AtomicLong();
            GroupLease lease = new GroupLease(Duration.ofSeconds(45), () -> 0, nanoTime::get);
            InFlightRecord retried = new InFlightRecord(
                    new ConsumerRecord<>(TOPIC, 0, 10, "a".getBytes(UTF_8), new byte[0]), "", 2, lease);
            records.add(List.of(retried), READY);
            records.enqueue(P0, 10);
            nanoTime.set(Duration.ofSeconds(46).toNanos());
            assertThat(retried.isHeld()).isFalse();
            fail(0);

            lease.renew();
            awaitInFlight(1);
            complete(0);

            assertThat(processed).containsExactly("0@10");
            assertThat(records.committableOffsets()).containsExactly(Map.entry(P0, 11L));
        }

        @Test
        @Tag("I2")
        void failedRecordStaysTheHeadOfItsKeyAndBlocksNoOtherKey() {
            enqueue(P0, 10, "a");
            enqueue(P0, 11, "a");
            fail(0);
            assertThat(inFlight).isEmpty();

            enqueue(P0, 12, "b");
            complete(0);
            awaitInFlight(1);
            complete(0);
            complete(0);

            assertThat(processed).containsExactly("0@12", "0@10", "0@11");
            assertThat(records.committableOffsets()).containsExactly(Map.entry(P0, 13L));
        }

        /** The record of the other partition fails later: once it is retried, a retry of the first one would be due. */
        @Test
        void failedRecordThatIsRevokedIsNotRetried() {
            enqueue(P0, 10, "a");
            fail(0);
            InFlightRecord retried = enqueue(P1, 70, "b");
            fail(0);

            records.revoke(List.of(P0));
            awaitInFlight(1);
            complete(0);

            assertThat(processed).containsExactly("1@70");
            assertThat(retried.failures).isEqualTo(1);
            assertThat(inFlight).isEmpty();
        }
    }

    /** A consumer that seeks back polls records again. */
    @Nested
    class SeekingBack {

        @Test
        @Tag("I2")
        void incompleteRecordThatIsPolledAgainIsProcessedOnce() {
            enqueue(P0, 10, "a");
            enqueue(P0, 10, "a");
            enqueue(P0, 11, "b");
            enqueue(P0, 11, "b");

            complete(0);
            complete(0);

            assertThat(processed).containsExactly("0@10", "0@11");
            assertThat(inFlight).isEmpty();
            assertThat(records.committableOffsets()).containsExactly(Map.entry(P0, 12L));
        }

        @Test
        void completeRecordThatIsPolledAgainIsProcessedAgain() {
            enqueue(P0, 10, "a");
            complete(0);

            enqueue(P0, 10, "a");
            complete(0);

            assertThat(processed).containsExactly("0@10", "0@10");
            assertThat(records.committableOffsets()).containsExactly(Map.entry(P0, 11L));
        }
    }

    @Nested
    class Abandoning {

        @Test
        @Tag("I5")
        void completeRecordsStayCommittableAndIncompleteOnesArePolledAgain() {
            enqueue(P0, 10, "a");
            complete(0);
            enqueue(P1, 70, "b");
            enqueue(P1, 71, "c");
            complete(0);
            InFlightRecord abandoned = add(P1, 72, "d");

            assertThat(records.abandonIncomplete()).containsExactly(Map.entry(P1, 71L));

            assertThat(records.committableOffsets()).containsOnly(Map.entry(P0, 11L), Map.entry(P1, 71L));
            assertThat(abandoned.isHeld()).isFalse();
            enqueue(P1, 71, "c");
            complete(0);
            assertThat(records.committableOffsets()).containsOnly(Map.entry(P0, 11L), Map.entry(P1, 71L));
            complete(0);
            assertThat(records.committableOffsets()).containsOnly(Map.entry(P0, 11L), Map.entry(P1, 72L));
        }
    }

    @Nested
    class Throttling {

        @Test
        void recordOfAThrottledGroupStartsAfterItsDelay() {
            AtomicBoolean isThrottled = new AtomicBoolean(true);
            InFlightRecords throttled =
                    throttled(() -> isThrottled.getAndSet(false) ? Duration.ofMillis(50) : Duration.ZERO);

            enqueue(throttled, newRecord(P0, 10, "Acme/1"));

            assertThat(inFlight).isEmpty();
            awaitInFlight(1);
        }

        @Test
        @Tag("I2")
        void revokedRecordThatBecomesTheHeadOfItsKeyTakesNoPermit() {
            Deque<Duration> waits = new ArrayDeque<>(List.of(Duration.ofHours(1)));
            InFlightRecords throttled = throttled(() -> requireNonNullElse(waits.poll(), Duration.ZERO));
            for (int offset = 10; offset < 14; offset++) {
                enqueue(throttled, newRecord(P0, offset, "Acme/1"));
            }
            throttled.revoke(List.of(P0));
            waits.addAll(List.of(Duration.ZERO, Duration.ofHours(1)));

            enqueue(throttled, newRecord(P1, 70, "Acme/2"));

            complete(0);
            assertThat(processed).containsExactly("1@70");
        }

        @Test
        void drainedRecordTakesNoPermit() throws InterruptedException {
            Deque<Duration> waits = new ArrayDeque<>(List.of(Duration.ofHours(1)));
            InFlightRecords throttled = throttled(() -> requireNonNullElse(waits.poll(), Duration.ZERO));
            enqueue(throttled, newRecord(P0, 10, "Acme/1"));
            throttled.drain(List.of(P0), Duration.ZERO);
            waits.addAll(List.of(Duration.ZERO, Duration.ofHours(1)));

            enqueue(throttled, newRecord(P1, 70, "Acme/2"));

            complete(0);
            assertThat(processed).containsExactly("1@70");
        }

        private InFlightRecords throttled(Supplier<Duration> tryAcquireStartOfAcme) {
            StartPolicy policy = new TestStartPolicy(
                    group -> group.equals("Acme") ? tryAcquireStartOfAcme.get() : Duration.ZERO, polled -> true);
            return new InFlightRecords(
                    CAPACITY,
                    MAX_CONCURRENCY,
                    new FairQueue(policy, MAX_CONCURRENCY, System::nanoTime),
                    Runnable::run,
                    NEVER,
                    InFlightRecordsTest.this::handle);
        }
    }

    private static void enqueue(InFlightRecords records, InFlightRecord polled) {
        records.add(List.of(polled), READY);
        records.enqueue(polled.partition(), polled.offset());
    }

    /** Adds a record as the consumer does, and enqueues it as the consuming route does. */
    private InFlightRecord enqueue(TopicPartition partition, long offset, @Nullable String key) {
        InFlightRecord polled = add(partition, offset, key);
        records.enqueue(partition, offset);
        return polled;
    }

    private InFlightRecord add(TopicPartition partition, long offset, @Nullable String key) {
        InFlightRecord polled = newRecord(partition, offset, key);
        records.add(List.of(polled), READY);
        return polled;
    }

    private static InFlightRecord newRecord(TopicPartition partition, long offset, @Nullable String key) {
        return newRecord(partition, offset, key, new byte[0]);
    }

    private static InFlightRecord newRecord(TopicPartition partition, long offset, @Nullable String key, byte[] value) {
        byte[] bytes = key == null ? null : key.getBytes(UTF_8);
        GroupLease lease = new GroupLease(Duration.ofSeconds(45), () -> 0, () -> 0);
        return new InFlightRecord(
                new ConsumerRecord<>(TOPIC, partition.partition(), offset, bytes, value),
                TestStartPolicy.flow(bytes),
                2,
                lease);
    }

    private InFlightRecord.State state(InFlightRecord polled) {
        synchronized (records) {
            return polled.state;
        }
    }

    private CompletableFuture<Void> handle(InFlightRecord started) {
        return CompletableFuture.runAsync(() -> process(started), this::addInFlight);
    }

    private void process(InFlightRecord started) {
        if (failNext.getAndSet(false)) {
            throw new IllegalStateException("planted");
        }
        processed.add(started.consumerRecord().partition() + "@" + started.offset());
    }

    private synchronized void addInFlight(Runnable handler) {
        inFlight.add(handler);
    }

    private void complete(int index) {
        removeInFlight(index).run();
    }

    private void fail(int index) {
        failNext.set(true);
        complete(index);
    }

    private synchronized Runnable removeInFlight(int index) {
        List<Runnable> handlers = new ArrayList<>(inFlight);
        Runnable handler = handlers.remove(index);
        inFlight.clear();
        inFlight.addAll(handlers);
        return handler;
    }

    private synchronized int countInFlight() {
        return inFlight.size();
    }

    private void awaitInFlight(int count) {
        await().atMost(TIMEOUT).until(this::countInFlight, size -> size == count);
    }

    private Drain drain(TopicPartition partition, Duration timeout) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                records.drain(List.of(partition), timeout);
                result.complete(null);
            } catch (InterruptedException e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return new Drain(thread, result);
    }

    private record Drain(Thread thread, CompletableFuture<Void> result) {

        boolean isDone() {
            return result.isDone();
        }

        boolean isWaiting() {
            return !isDone()
                    && Arrays.stream(thread.getStackTrace())
                            .anyMatch(frame -> frame.getMethodName().equals("timedWait"));
        }
    }

    private static final class ConcurrencyProbe {
        private final ConcurrentLinkedQueue<Long> offsets = new ConcurrentLinkedQueue<>();
        private final AtomicInteger current = new AtomicInteger();
        private final AtomicInteger peak = new AtomicInteger();

        void handle(InFlightRecord started) {
            peak.accumulateAndGet(current.incrementAndGet(), Math::max);
            offsets.add(started.offset());
            current.decrementAndGet();
        }
    }
}
