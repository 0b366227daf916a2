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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the window begins, in which order, and what may be committed of it. A record is under way until it is finished. */
class InFlightRecordsTest {

    private static final String TOPIC = "rotation.requests";
    private static final TopicPartition P0 = new TopicPartition(TOPIC, 0);
    private static final TopicPartition P1 = new TopicPartition(TOPIC, 1);
    private static final CompletableFuture<Void> READY = CompletableFuture.completedFuture(null);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration HOURS = Duration.ofHours(2);

    private final Deque<Runnable> begun = new ArrayDeque<>();
    private final List<String> handled = new ArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final InFlightRecords window = new InFlightRecords(
            8,
            4,
            FairQueue.unthrottled(),
            Runnable::run,
            HOURS,
            taken -> CompletableFuture.runAsync(() -> handle(taken), this::begin));

    @Tag("I5")
    @Test
    @DisplayName("I5: what may be committed ends before the first record that is not done")
    void whatMayBeCommittedEndsBeforeTheFirstThatIsNotDone() {
        take(P0, 10, "a");
        take(P0, 11, "b");
        take(P0, 12, "c");

        finish(1);
        finish(1);
        assertThat(handled).containsExactly("0@11", "0@12");
        assertThat(window.committableOffsets()).containsExactly(Map.entry(P0, 10L));

        finish(0);
        assertThat(window.committableOffsets()).containsExactly(Map.entry(P0, 13L));
    }

    @Tag("I5")
    @Test
    @DisplayName("I5: what may be committed of one partition does not depend on another")
    void eachPartitionIsCommittedByItself() {
        take(P0, 10, "a");
        take(P1, 70, "b");

        finish(1);

        assertThat(window.committableOffsets()).containsOnly(Map.entry(P0, 10L), Map.entry(P1, 71L));
    }

    @Tag("I5")
    @Test
    @DisplayName("I5: a gap between two offsets, of a transaction or of compaction, does not keep the later ones back")
    void gapsDoNotKeepTheLaterOnesBack() {
        take(P0, 10, "a");
        take(P0, 20, "b");

        finish(0);
        assertThat(window.committableOffsets()).containsExactly(Map.entry(P0, 20L));

        finish(0);
        assertThat(window.committableOffsets()).containsExactly(Map.entry(P0, 21L));
    }

    @Tag("I5")
    @Test
    @DisplayName("I5: what is polled and never handed on is neither begun nor committed")
    void whatIsNeverHandedOnIsNeverCommitted() {
        poll(P0, 10, "a");
        take(P0, 11, "b");

        finish(0);

        assertThat(handled).containsExactly("0@11");
        assertThat(window.committableOffsets()).containsExactly(Map.entry(P0, 10L));
    }

    @Test
    void whatIsHandedOnAndWasNeverPolledIsNotBegun() {
        window.enqueue(P0, 10);
        poll(P0, 10, "a");
        window.enqueue(P0, 11);

        assertThat(begun).isEmpty();
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: what is handed on is not begun before it is ready")
    void whatIsHandedOnIsNotBegunBeforeItIsReady() {
        CompletableFuture<Void> ledgerCaughtUp = new CompletableFuture<>();
        InFlightRecord slot = slot(P0, 10, "a");
        window.add(List.of(slot), ledgerCaughtUp);
        window.enqueue(P0, 10);
        assertThat(begun).isEmpty();

        ledgerCaughtUp.complete(null);

        assertThat(begun).hasSize(1);
    }

    @Test
    void whatIsReadyIsNotBegunBeforeItIsHandedOn() {
        poll(P0, 10, "a");
        assertThat(begun).isEmpty();

        window.enqueue(P0, 10);

        assertThat(begun).hasSize(1);
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: the records of one key are handled one after the other, in their order, the others side by side")
    void theRecordsOfOneKeyAreHandledOneAfterTheOther() {
        take(P0, 10, "a");
        take(P0, 11, "a");
        take(P0, 12, "a");
        take(P0, 13, "b");
        take(P1, 70, "c");
        assertThat(begun).hasSize(3);

        while (!begun.isEmpty()) {
            finish(0);
        }

        assertThat(handled).containsExactlyInAnyOrder("0@10", "0@11", "0@12", "0@13", "1@70");
        assertThat(handled).containsSubsequence("0@10", "0@11", "0@12");
    }

    @Test
    void aRecordWaitsForTheOneBeforeItOfItsKeyThatIsNotReady() {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        window.add(List.of(slot(P0, 10, "a")), ready);
        window.enqueue(P0, 10);
        take(P0, 11, "a");
        assertThat(begun).isEmpty();

        ready.complete(null);
        finish(0);
        finish(0);

        assertThat(handled).containsExactly("0@10", "0@11");
    }

    @Test
    void recordsOfOneKeyAreHandledOneAfterTheOtherAcrossPartitions() {
        take(P0, 10, "a");
        take(P1, 70, "a");

        assertThat(begun).hasSize(1);
    }

    @Test
    void recordsWithoutAKeyAreHandledSideBySide() {
        take(P0, 10, null);
        take(P0, 11, null);

        assertThat(begun).hasSize(2);
    }

    @Test
    void noMoreAreUnderWayThanMayBe() {
        for (int offset = 10; offset < 18; offset++) {
            take(P0, offset, "key-" + offset);
        }
        assertThat(begun).hasSize(4);

        finish(0);

        assertThat(begun).hasSize(4);
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: with threads, too: one at a time of each key, in order, and never more than may be")
    void withThreadsToo() throws InterruptedException {
        Crowd crowd = new Crowd();
        ExecutorService pool = Executors.newFixedThreadPool(8);
        InFlightRecords busy = new InFlightRecords(
                1000,
                3,
                FairQueue.unthrottled(),
                Runnable::run,
                HOURS,
                taken -> CompletableFuture.runAsync(() -> crowd.handle(taken), pool));
        List<InFlightRecord> slots = IntStream.range(0, 300)
                .mapToObj(offset -> slot(P0, offset, "key-" + offset % 7))
                .toList();

        slots.forEach(slot -> busy.add(List.of(slot), READY));
        slots.forEach(slot -> busy.enqueue(P0, slot.offset()));
        await().atMost(PATIENCE).until(() -> busy.committableOffsets().get(P0), Long.valueOf(300)::equals);
        pool.shutdown();

        assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(crowd.most.get()).isBetween(1, 3);
        assertThat(crowd.order).hasSize(300);
        for (int key = 0; key < 7; key++) {
            int chain = key;
            assertThat(crowd.order.stream().filter(offset -> offset % 7 == chain))
                    .isSorted();
        }
    }

    @Test
    void itIsFullAtItsCapacity() {
        for (int offset = 10; offset < 17; offset++) {
            poll(P0, offset, "a");
        }
        assertThat(window.isFull()).isFalse();

        poll(P0, 17, "a");

        assertThat(window.isFull()).isTrue();
    }

    @Test
    void nothingIsBegunWhileItIsHeld() {
        take(P0, 10, "a");
        take(P0, 11, "a");
        window.pause();

        finish(0);
        take(P0, 12, "b");
        assertThat(begun).isEmpty();

        window.resume();
        assertThat(begun).hasSize(2);
    }

    @Test
    void whatIsUnderWayIsDoneWhileItIsHeld() {
        take(P0, 10, "a");
        window.pause();

        finish(0);

        assertThat(window.committableOffsets()).containsExactly(Map.entry(P0, 11L));
    }

    @Tag("I5")
    @Test
    @DisplayName("I5: a drain waits for what is under way of its partitions, and begins nothing more of them")
    void aDrainWaitsForWhatIsUnderWay() {
        take(P0, 10, "a");
        take(P0, 11, "a");
        CompletableFuture<Void> drained = drain(P0, PATIENCE);
        await().atMost(PATIENCE).until(() -> isWaiting(drained));

        finish(0);

        await().atMost(PATIENCE).until(drained::isDone);
        assertThat(begun).isEmpty();
        assertThat(window.committableOffsets()).containsExactly(Map.entry(P0, 11L));
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: what fails during a drain is left to the next owner")
    void whatFailsDuringADrainIsNotBegunAgain() {
        InFlightRecord leaving = take(P0, 10, "a");
        take(P0, 11, "b");
        failures.set(1);
        CompletableFuture<Void> drained = drain(P0, PATIENCE);
        await().atMost(PATIENCE).until(() -> isWaiting(drained));

        finish(0);
        InFlightRecord later = take(P1, 70, "c");
        failures.set(1);
        finish(1);
        await().atMost(PATIENCE).until(() -> state(later) == InFlightRecord.State.IN_FLIGHT);

        assertThat(state(leaving)).isEqualTo(InFlightRecord.State.QUEUED);
        finish(0);
        await().atMost(PATIENCE).until(drained::isDone);
    }

    @Test
    void aDrainDoesNotWaitForWhatWasNotBegunNorForOtherPartitions() {
        poll(P0, 10, "a");
        take(P1, 70, "b");

        CompletableFuture<Void> drained = drain(P0, Duration.ofMinutes(1));

        await().atMost(PATIENCE).until(drained::isDone);
        assertThat(begun).hasSize(1);
    }

    @Test
    void aDrainLeavesWhatItDoesNotTakeAway() {
        take(P0, 10, "a");
        take(P1, 70, "b");
        take(P1, 71, "b");

        CompletableFuture<Void> drained = drain(P0, PATIENCE);
        finish(0);
        await().atMost(PATIENCE).until(drained::isDone);
        finish(0);

        assertThat(begun).hasSize(1);
    }

    @Test
    void aDrainDoesNotWaitForLongerThanItMay() {
        take(P0, 10, "a");

        CompletableFuture<Void> drained = drain(P0, Duration.ofMillis(50));

        await().atMost(PATIENCE).until(drained::isDone);
        assertThat(begun).hasSize(1);
    }

    @Tag("I2")
    @Test
    @DisplayName(
            "I2: who is at work on a record keeps its claim while it is drained, and loses it when it is withdrawn")
    void aClaimIsKeptWhileItIsDrainedAndLostWhenItIsWithdrawn() {
        InFlightRecord running = take(P0, 10, "a");
        InFlightRecord waiting = take(P0, 11, "a");
        InFlightRecord polled = poll(P0, 12, "b");

        CompletableFuture<Void> drained = drain(P0, Duration.ofMillis(50));
        await().atMost(PATIENCE).until(drained::isDone);
        assertThat(List.of(held(running), held(waiting), held(polled))).containsExactly(true, false, false);

        window.revoke(List.of(P0));
        assertThat(List.of(held(running), held(waiting), held(polled))).containsExactly(false, false, false);
    }

    @Test
    void theClaimOfAnotherPartitionIsKept() {
        take(P0, 10, "a");
        InFlightRecord other = take(P1, 70, "b");

        window.revoke(List.of(P0));

        assertThat(held(other)).isTrue();
        assertThat(window.partitions()).containsExactly(P1);
    }

    @Test
    void whatIsWithdrawnMakesRoom() {
        for (int offset = 10; offset < 18; offset++) {
            take(P0, offset, "a");
        }

        window.revoke(List.of(P0));

        assertThat(window.isFull()).isFalse();
        assertThat(window.committableOffsets()).isEmpty();
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: what is withdrawn is never begun, whatever happens to it later")
    void whatIsWithdrawnIsNeverBegun() {
        CompletableFuture<Void> ledgerCaughtUp = new CompletableFuture<>();
        window.add(List.of(slot(P0, 10, "a")), ledgerCaughtUp);
        window.enqueue(P0, 10);
        poll(P0, 11, "b");

        window.revoke(List.of(P0));
        ledgerCaughtUp.complete(null);
        window.enqueue(P0, 10);
        window.enqueue(P0, 11);
        window.resume();

        assertThat(begun).isEmpty();
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: a withdrawal begins nothing of what it takes away, though it makes it the first of its key")
    void aWithdrawalBeginsNothingOfWhatItTakesAway() {
        window.add(List.of(slot(P0, 10, "a")), new CompletableFuture<>());
        window.enqueue(P0, 10);
        take(P0, 11, "a");

        window.revoke(List.of(P0));

        assertThat(begun).isEmpty();
    }

    @Test
    void aWithdrawalLetsTheRecordOfAnotherPartitionThatWaitedBehindGoOn() {
        window.add(List.of(slot(P0, 10, "a")), new CompletableFuture<>());
        window.enqueue(P0, 10);
        take(P1, 70, "a");

        window.revoke(List.of(P0));
        finish(0);

        assertThat(handled).containsExactly("1@70");
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: a withdrawal of what waits behind a record does not have that begin a second time")
    void aWithdrawalOfWhatWaitsBehindBeginsNothingTwice() {
        for (int offset = 10; offset < 14; offset++) {
            take(P0, offset, "busy-" + offset);
        }
        take(P0, 14, "a");
        take(P1, 70, "a");

        window.revoke(List.of(P1));
        while (!begun.isEmpty()) {
            finish(0);
        }

        assertThat(handled).containsOnlyOnce("0@14");
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: a claim that was lost does not come back with the partition, and its record waits for the zombie")
    void aRecordThatIsPolledAgainWaitsForItsZombie() {
        InFlightRecord zombie = take(P0, 10, "a");
        window.revoke(List.of(P0));

        InFlightRecord again = take(P0, 10, "a");
        assertThat(begun).hasSize(1);
        assertThat(List.of(held(zombie), held(again))).containsExactly(false, true);

        finish(0);
        assertThat(begun).hasSize(1);
        assertThat(held(zombie)).isFalse();
    }

    @Tag("I5")
    @Test
    @DisplayName("I5: what a zombie has done is not committed, nor counted")
    void whatAZombieHasDoneIsNotCommitted() {
        take(P0, 10, "a");
        window.revoke(List.of(P0));
        take(P0, 10, "a");

        finish(0);
        assertThat(window.committableOffsets()).containsExactly(Map.entry(P0, 10L));

        finish(0);
        assertThat(window.committableOffsets()).containsExactly(Map.entry(P0, 11L));
        assertThat(handled).containsExactly("0@10", "0@10");
    }

    @Test
    void aZombieThatFailsIsNotHandledAgain() {
        take(P0, 10, "a");
        window.revoke(List.of(P0));
        InFlightRecord again = take(P0, 10, "a");
        failures.set(1);

        finish(0);

        assertThat(begun).hasSize(1);
        finish(0);
        assertThat(handled).containsExactly("0@10");
        assertThat(again.failures).isZero();
    }

    @Test
    void zombiesCountAsUnderWay() {
        for (int offset = 10; offset < 14; offset++) {
            take(P0, offset, "key-" + offset);
        }
        window.revoke(List.of(P0));

        take(P1, 70, "another");

        assertThat(begun).hasSize(4);
    }

    @Tag("I1")
    @Tag("I5")
    @Test
    @DisplayName("I1, I5: a record whose handling fails is handled again, and not committed before")
    void aRecordThatFailsIsHandledAgain() {
        take(P0, 10, "a");
        failures.set(1);

        finish(0);
        assertThat(window.committableOffsets()).containsExactly(Map.entry(P0, 10L));

        awaitBegun(1);
        finish(0);
        assertThat(handled).containsExactly("0@10");
        assertThat(window.committableOffsets()).containsExactly(Map.entry(P0, 11L));
    }

    @Tag("I1")
    @Tag("I5")
    @Test
    @DisplayName(
            "I1, I5: a record that was let go while its claim was in doubt is handled again where the claim was kept")
    void aRecordThatWasLetGoWhileItsClaimWasInDoubtIsHandledAgain() {
        AtomicLong nanos = new AtomicLong();
        GroupLease lifeline = new GroupLease(Duration.ofSeconds(45), () -> 0, nanos::get);
        InFlightRecord slot = new InFlightRecord(
                new ConsumerRecord<>(TOPIC, 0, 10, "a".getBytes(UTF_8), new byte[0]), "", 2, 1, lifeline);
        window.add(List.of(slot), READY);
        window.enqueue(P0, 10);
        nanos.set(Duration.ofSeconds(46).toNanos());
        assertThat(held(slot)).isFalse();
        failures.set(1);
        finish(0);

        lifeline.renew();
        awaitBegun(1);
        finish(0);

        assertThat(handled).containsExactly("0@10");
        assertThat(window.committableOffsets()).containsExactly(Map.entry(P0, 11L));
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: a record that failed keeps its place before the others of its key, and blocks no other")
    void aRecordThatFailedKeepsItsPlaceAndBlocksNoOther() {
        take(P0, 10, "a");
        take(P0, 11, "a");
        failures.set(1);
        finish(0);
        assertThat(begun).isEmpty();

        take(P0, 12, "b");
        finish(0);
        awaitBegun(1);
        finish(0);
        finish(0);

        assertThat(handled).containsExactly("0@12", "0@10", "0@11");
        assertThat(window.committableOffsets()).containsExactly(Map.entry(P0, 13L));
    }

    @Test
    void aRecordThatFailedAndIsWithdrawnDoesNotComeBack() {
        take(P0, 10, "a");
        failures.set(1);
        finish(0);
        InFlightRecord sentinel = take(P1, 70, "b");
        failures.set(1);
        finish(0);

        window.revoke(List.of(P0));
        awaitBegun(1);
        finish(0);

        assertThat(handled).containsExactly("1@70");
        assertThat(sentinel.failures).isEqualTo(1);
        assertThat(begun).isEmpty();
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: a record that is polled again while it is under way is handled once")
    void aRecordThatIsPolledAgainWhileItIsUnderWayIsHandledOnce() {
        take(P0, 10, "a");
        take(P0, 10, "a");
        take(P0, 11, "b");
        take(P0, 11, "b");

        finish(0);
        finish(0);

        assertThat(handled).containsExactly("0@10", "0@11");
        assertThat(begun).isEmpty();
        assertThat(window.committableOffsets()).containsExactly(Map.entry(P0, 12L));
    }

    @Test
    void aRecordThatIsPolledAgainWhileItIsUnderWayTakesNoRoom() {
        take(P0, 10, "a");
        for (int time = 0; time < 8; time++) {
            take(P0, 10, "a");
        }

        assertThat(window.isFull()).isFalse();
    }

    @Test
    void aRecordThatIsPolledAgainAfterItWasDoneIsHandledAgain() {
        take(P0, 10, "a");
        finish(0);

        take(P0, 10, "a");
        finish(0);

        assertThat(handled).containsExactly("0@10", "0@10");
        assertThat(window.committableOffsets()).containsExactly(Map.entry(P0, 11L));
    }

    @Tag("I5")
    @Test
    @DisplayName("I5: where polling starts over, what is done is still to be committed, and the rest is polled again")
    void wherePollingStartsOverWhatIsDoneIsStillToBeCommitted() {
        take(P0, 10, "a");
        finish(0);
        take(P1, 70, "b");
        take(P1, 71, "c");
        finish(0);
        InFlightRecord underWay = poll(P1, 72, "d");

        assertThat(window.abandonIncomplete()).containsExactly(Map.entry(P1, 71L));

        assertThat(window.committableOffsets()).containsOnly(Map.entry(P0, 11L), Map.entry(P1, 71L));
        assertThat(held(underWay)).isFalse();
        take(P1, 71, "c");
        finish(0);
        assertThat(window.committableOffsets()).containsOnly(Map.entry(P0, 11L), Map.entry(P1, 71L));
        finish(0);
        assertThat(window.committableOffsets()).containsOnly(Map.entry(P0, 11L), Map.entry(P1, 72L));
    }

    @Test
    void aCompanyThatIsPutOffIsBegunWhenItsTimeHasCome() {
        AtomicBoolean putOff = new AtomicBoolean(true);
        InFlightRecords slowed = slowed(() -> putOff.getAndSet(false) ? Duration.ofMillis(50) : Duration.ZERO);

        register(slowed, slot(P0, 10, "Acme/1"));

        assertThat(begun).isEmpty();
        awaitBegun(1);
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: what is withdrawn takes no turn of its company, though it makes it the first of its key")
    void whatIsWithdrawnTakesNoTurnOfItsCompany() {
        Deque<Duration> waits = new ArrayDeque<>(List.of(Duration.ofHours(1)));
        InFlightRecords slowed = slowed(() -> requireNonNullElse(waits.poll(), Duration.ZERO));
        for (int offset = 10; offset < 14; offset++) {
            register(slowed, slot(P0, offset, "Acme/1"));
        }
        slowed.revoke(List.of(P0));
        waits.addAll(List.of(Duration.ZERO, Duration.ofHours(1)));

        register(slowed, slot(P1, 70, "Acme/2"));

        finish(0);
        assertThat(handled).containsExactly("1@70");
    }

    @Test
    void whatIsLeftToALaterOwnerByADrainTakesNoTurnOfItsCompany() throws InterruptedException {
        Deque<Duration> waits = new ArrayDeque<>(List.of(Duration.ofHours(1)));
        InFlightRecords slowed = slowed(() -> requireNonNullElse(waits.poll(), Duration.ZERO));
        register(slowed, slot(P0, 10, "Acme/1"));
        slowed.drain(List.of(P0), Duration.ZERO);
        waits.addAll(List.of(Duration.ZERO, Duration.ofHours(1)));

        register(slowed, slot(P1, 70, "Acme/2"));

        finish(0);
        assertThat(handled).containsExactly("1@70");
    }

    @Test
    void whatIsFinishedAtOnceMayBeAnyNumber() {
        AtomicInteger done = new AtomicInteger();
        InFlightRecords quick = new InFlightRecords(20_000, 1, FairQueue.unthrottled(), Runnable::run, HOURS, taken -> {
            done.incrementAndGet();
            return CompletableFuture.completedFuture(null);
        });
        quick.pause();
        for (int offset = 0; offset < 10_000; offset++) {
            register(quick, slot(P0, offset, "key-" + offset));
        }

        quick.resume();

        assertThat(done).hasValue(10_000);
    }

    @Test
    void untilOneHasComeBackOnlyAFewAreUnderWay() {
        InFlightRecords wide = wide(HOURS);
        for (int offset = 0; offset < 100; offset++) {
            register(wide, slot(P0, offset, "key-" + offset));
        }
        assertThat(begunNow()).isEqualTo(16);

        failures.set(1);
        finish(0);

        assertThat(begunNow()).isEqualTo(64);
    }

    @Tag("I1")
    @Test
    @DisplayName("I1: those that never come back do not keep all others from their beginning")
    void afterAMomentMoreThanAFewAreUnderWay() {
        InFlightRecords wide = wide(Duration.ofMillis(10));
        for (int offset = 0; offset < 100; offset++) {
            register(wide, slot(P0, offset, "key-" + offset));
        }

        awaitBegun(64);
    }

    @Test
    void whatWasPolledTogetherIsBegunInItsOrder() {
        CompletableFuture<Void> ledgerCaughtUp = new CompletableFuture<>();
        List<InFlightRecord> polled = List.of(slot(P0, 10, "a"), slot(P0, 11, "b"), slot(P0, 12, "c"));
        window.add(polled, ledgerCaughtUp);
        polled.forEach(slot -> window.enqueue(P0, slot.offset()));

        ledgerCaughtUp.complete(null);
        finish(0);
        finish(0);
        finish(0);

        assertThat(handled).containsExactly("0@10", "0@11", "0@12");
    }

    @Test
    void itIsFullOfAFewLargeRecords() {
        byte[] value = new byte[20 * 1024 * 1024];
        register(window, slot(P0, 10, "a", value));
        assertThat(window.isFull()).isFalse();
        register(window, slot(P0, 11, "b", value));
        assertThat(window.isFull()).isTrue();

        finish(0);
        assertThat(window.isFull()).isFalse();
    }

    private InFlightRecords wide(Duration longestBeginning) {
        return new InFlightRecords(
                100,
                64,
                FairQueue.unthrottled(),
                Runnable::run,
                longestBeginning,
                taken -> CompletableFuture.runAsync(() -> handle(taken), this::begin));
    }

    private InFlightRecords slowed(Supplier<Duration> untilItMayBegin) {
        FairQueue turns = new FairQueue(
                new TestStartPolicy(
                        company -> company.equals("Acme") ? untilItMayBegin.get() : Duration.ZERO, taken -> true),
                System::nanoTime);
        return new InFlightRecords(
                8,
                4,
                turns,
                Runnable::run,
                HOURS,
                taken -> CompletableFuture.runAsync(() -> handle(taken), this::begin));
    }

    private static void register(InFlightRecords window, InFlightRecord slot) {
        window.add(List.of(slot), READY);
        window.enqueue(slot.partition(), slot.offset());
    }

    private InFlightRecord take(TopicPartition partition, long offset, @Nullable String key) {
        InFlightRecord slot = poll(partition, offset, key);
        window.enqueue(partition, offset);
        return slot;
    }

    private InFlightRecord poll(TopicPartition partition, long offset, @Nullable String key) {
        InFlightRecord slot = slot(partition, offset, key);
        window.add(List.of(slot), READY);
        return slot;
    }

    private static InFlightRecord slot(TopicPartition partition, long offset, @Nullable String key) {
        return slot(partition, offset, key, new byte[0]);
    }

    private static InFlightRecord slot(TopicPartition partition, long offset, @Nullable String key, byte[] value) {
        byte[] bytes = key == null ? null : key.getBytes(UTF_8);
        GroupLease lifeline = new GroupLease(Duration.ofSeconds(45), () -> 0, () -> 0);
        return new InFlightRecord(
                new ConsumerRecord<>(TOPIC, partition.partition(), offset, bytes, value),
                TestStartPolicy.group(bytes),
                2,
                1,
                lifeline);
    }

    private InFlightRecord.State state(InFlightRecord slot) {
        synchronized (window) {
            return slot.state;
        }
    }

    private static boolean held(InFlightRecord slot) {
        return slot.isHeld();
    }

    private synchronized void begin(Runnable task) {
        begun.add(task);
    }

    private void handle(InFlightRecord taken) {
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IllegalStateException("planted");
        }
        handled.add(taken.consumerRecord().partition() + "@"
                + taken.consumerRecord().offset());
    }

    /** One of those under way, by how many began before it. */
    private void finish(int index) {
        removeBegun(index).run();
    }

    private synchronized Runnable removeBegun(int index) {
        List<Runnable> all = new ArrayList<>(begun);
        Runnable task = all.remove(index);
        begun.clear();
        begun.addAll(all);
        return task;
    }

    private synchronized int begunNow() {
        return begun.size();
    }

    private void awaitBegun(int many) {
        await().atMost(PATIENCE).until(this::begunNow, size -> size == many);
    }

    private CompletableFuture<Void> drain(TopicPartition partition, Duration longest) {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        window.drain(List.of(partition), longest);
                        drained.complete(null);
                    } catch (InterruptedException e) {
                        drained.completeExceptionally(e);
                    }
                },
                "drain");
        thread.setDaemon(true);
        thread.start();
        return drained;
    }

    private static boolean isWaiting(CompletableFuture<Void> drained) {
        return !drained.isDone()
                && Thread.getAllStackTraces().entrySet().stream()
                        .filter(thread -> thread.getKey().getName().equals("drain"))
                        .anyMatch(thread -> Arrays.stream(thread.getValue())
                                .anyMatch(frame -> frame.getMethodName().equals("timedWait")));
    }

    /** Counts how many are handled at once. */
    private static final class Crowd {
        private final ConcurrentLinkedQueue<Long> order = new ConcurrentLinkedQueue<>();
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        void handle(InFlightRecord taken) {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            order.add(taken.consumerRecord().offset());
            now.decrementAndGet();
        }
    }
}
