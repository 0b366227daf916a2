package org.keyrotation.routes.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.kafka.CompactedTopicReader;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.kafka.NotReadyReason;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.LedgerControl.Pause;

/**
 * The state of each credential, on a compacted topic that every instance holds in memory. {@linkplain #readToEnd() Read it
 * to its end} before each decision: another instance may have written since.
 */
public final class Ledger extends ServiceSupport {

    /** How long a service waits until the ledger is read to its end. */
    public static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    private static final int MAX_CONTROL_WRITES = 20;

    private final CamelContext context;
    private final String topic;
    private final String apiHost;
    private final Duration readTimeout;
    private final KafkaClients clients;
    private final LedgerClients ledgerClients;
    private final ThreadPools pools;
    private final LedgerTable table = new LedgerTable();
    private final CompactedTopicReader reader;
    private final LedgerWriter writer;
    private volatile @Nullable CompletableFuture<Void> firstRead;
    private CompletableFuture<Void> probe = CompletableFuture.completedFuture(null);
    private long probeStartedAt;
    private @Nullable ExecutorService executor;

    /**
     * @param apiHost the host of the API that this instance calls, in lower case
     * @param repairs whether this instance writes entries again that a stale write follows, also if it has written none
     * @param readTimeout how long to wait until the ledger is read to its end
     */
    public Ledger(
            CamelContext context,
            LedgerSettings settings,
            String apiHost,
            MeterRegistry meters,
            boolean repairs,
            Duration readTimeout,
            ThreadPools pools) {
        this.context = context;
        this.topic = settings.topic();
        this.apiHost = apiHost;
        this.readTimeout = readTimeout;
        this.pools = pools;
        this.clients = new KafkaClients(context);
        this.ledgerClients = new LedgerClients(clients);
        this.writer = new LedgerWriter(topic, table, ledgerClients::producer, pools);
        this.reader = new CompactedTopicReader(
                topic, new LedgerReader(table, credential -> restore(credential, repairs)), ledgerClients::consumer);
        Gauge.builder("rotation.ledger.credentials", table, LedgerTable::size)
                .description("Credentials in the ledger of the fleet")
                .register(meters);
    }

    /** An instance that has written may have made the stale write. */
    private void restore(CredentialId credential, boolean repairs) {
        if (repairs || writer.hasWritten()) {
            writer.restore(credential);
        }
    }

    /** Starts to read; the topic must exist. Completes when the ledger has been read to its end. Idempotent. */
    public synchronized Future<Void> open() {
        if (firstRead == null) {
            executor = context.getExecutorServiceManager().newSingleThreadExecutor(this, "rotation-ledger");
            firstRead = reader.readToEnd();
            executor.execute(reader);
        }
        return firstRead;
    }

    /** Returns why no decision can be taken now, or null. Each call also checks that the ledger can be read to its end. */
    public synchronized @Nullable NotReadyReason notReadyReason() {
        NotReadyReason unreadable = unreadableReason();
        if (unreadable != null) {
            return unreadable;
        }
        boolean isReadInTime = firstRead != null && firstRead.isDone() && isReadInTime();
        Throwable failure = reader.failure();
        if (failure != null) {
            return NotReadyReason.of("The ledger " + topic + " cannot be read", failure);
        }
        if (firstRead == null || !firstRead.isDone()) {
            return NotReadyReason.retryable(
                    "The ledger " + topic + " is being read, " + table.size() + " credentials so far");
        }
        if (isOfOtherApi()) {
            return NotReadyReason.wrongConfiguration(otherApi());
        }
        return isReadInTime ? null : NotReadyReason.retryable(notReadInTime());
    }

    private @Nullable NotReadyReason unreadableReason() {
        String unreadable = table.firstUnreadable();
        return unreadable == null
                ? null
                : NotReadyReason.retryable(
                        "The ledger %s has an invalid entry at %s: requests wait until a later record with the same key"
                                        .formatted(topic, unreadable)
                                + " replaces it, either an entry with a higher revision or a tombstone");
    }

    /**
     * Parses all entries in the background. Until an unreadable one is found, a decision needs its own entry only; from then on
     * the ledger is not ready.
     */
    public void checkEntries() {
        pools.blocking().execute(table::checkAll);
    }

    /** Starts a read to the end if none is pending: its success ends a failure, also while there are no requests. */
    private boolean isReadInTime() {
        if (probe.isDone()) {
            probe = reader.readToEnd();
            probeStartedAt = System.nanoTime();
        }
        return System.nanoTime() - probeStartedAt < readTimeout.toNanos();
    }

    private String notReadInTime() {
        return "The ledger " + topic + " could not be read to its end within " + readTimeout.toSeconds() + " seconds";
    }

    /** Completes when this instance has read every entry that was acknowledged, to any instance, before this call. */
    public CompletableFuture<Void> readToEnd() {
        return reader.readToEnd();
    }

    /**
     * Completes like {@link #readToEnd()}, and not while the control record names another group or another API. The ledger is
     * read to its end again after such a record is replaced.
     */
    public CompletableFuture<Void> readToEndFor(String group) {
        return readToEnd().thenCompose(read -> {
            CompletableFuture<Void> nextChange = table.control().nextChange();
            LedgerControl control = control();
            return control == null || (control.isOpenTo(group) && !isOfOtherApi())
                    ? CompletableFuture.completedFuture(null)
                    : nextChange.thenCompose(changed -> readToEndFor(group));
        });
    }

    /**
     * Waits for {@link #readToEnd()}.
     *
     * @throws IllegalStateException if it takes longer than the timeout; its message has the reason
     * @throws OtherApiException if the ledger is of another API
     */
    public void awaitReadToEnd() throws InterruptedException, ExecutionException {
        try {
            readToEnd().get(readTimeout.toMillis(), TimeUnit.MILLISECONDS);
            requireSameApi();
        } catch (TimeoutException e) {
            NotReadyReason reason = notReadyReason();
            throw new IllegalStateException(reason == null ? notReadInTime() : reason.text(), e);
        }
    }

    /**
     * Waits like {@link #awaitReadToEnd()}, for a caller that writes nothing: a topic that does not exist is an empty ledger. It
     * parses all entries, unless that has been asked for before.
     *
     * @throws IllegalStateException if the brokers do not answer, an entry is unreadable, or as {@link #awaitReadToEnd()}
     */
    public void awaitReadToEndIfPresent() throws InterruptedException, ExecutionException {
        if (isOpen() || clients.exists(topic)) {
            var unused = open();
            awaitReadToEnd();
            table.checkAll();
            NotReadyReason unreadable = unreadableReason();
            if (unreadable != null) {
                throw new IllegalStateException(unreadable.text());
            }
        }
    }

    private synchronized boolean isOpen() {
        return firstRead != null;
    }

    /** Returns the control record, or null if the ledger has none. */
    public @Nullable LedgerControl control() {
        return table.control().get();
    }

    /**
     * Writes a control record that was made from the current one. Returns when the ledger is read up to it: {@link #control()}
     * is then the record that has won, this one or another.
     */
    public void writeControl(LedgerControl next) throws InterruptedException, ExecutionException {
        try (Producer<byte[], byte[]> producer = ledgerClients.controlProducer()) {
            byte[] json = table.control().json(next);
            producer.send(new ProducerRecord<>(topic, LedgerControl.KEY.getBytes(UTF_8), json))
                    .get();
            readToEnd().get(readTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot write the control record as JSON", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(notReadInTime(), e);
        }
    }

    /**
     * Pauses or resumes the schedule of the whole fleet. If another control record wins meanwhile, it tries again from that one.
     *
     * @throws IllegalStateException if there is no control record, or another one wins each time
     */
    public void writePause(Pause pause) throws InterruptedException, ExecutionException {
        for (int attempt = 0; attempt < MAX_CONTROL_WRITES; attempt++) {
            LedgerControl current = control();
            if (current == null) {
                throw new IllegalStateException("The ledger " + topic + " has no control record");
            }
            writeControl(current.withPause(pause));
            LedgerControl won = control();
            if (won != null && pause.equals(won.pause())) {
                return;
            }
        }
        throw new IllegalStateException("Other instances keep changing the control record of the ledger " + topic);
    }

    /**
     * Writes when the API had the ledger's key of each credential of these companies. If another control record wins meanwhile,
     * the times are lost: the next check writes later ones. Without a control record, nothing is written.
     *
     * @param companies the companies whose times are kept
     */
    public void confirmKeys(Map<String, Instant> byCompany, Set<String> companies)
            throws InterruptedException, ExecutionException {
        LedgerControl current = control();
        if (current != null) {
            writeControl(current.withConfirmedKeys(byCompany, companies));
        }
    }

    /** Writes the current control record again if a record that has lost is the last one on the topic. */
    public void repairControl() throws InterruptedException, ExecutionException {
        LedgerControl current = table.control().toRepair();
        if (current != null) {
            writeControl(current.rewritten());
        }
    }

    /** Whether the ledger has been read to its end since the start. */
    public boolean isRead() {
        CompletableFuture<Void> read = firstRead;
        return read != null && read.isDone();
    }

    /** Whether the ledger has been read to its end, and is of another API. */
    public boolean isOfOtherApi() {
        LedgerControl control = control();
        return isRead() && control != null && !control.apiHost().equals(apiHost);
    }

    /**
     * Checks that the ledger is not known to be of another API.
     *
     * @throws OtherApiException if it is
     */
    public void requireSameApi() {
        if (isOfOtherApi()) {
            throw new OtherApiException(otherApi());
        }
    }

    private String otherApi() {
        LedgerControl control = control();
        return "Ledger %s is of the API at %s, and this instance calls the API at %s (the base URL): expected topics of their own for each API; only if the ledger is to change its API for good, stop all instances and write a tombstone for its key %s"
                .formatted(topic, control == null ? "no host" : control.apiHost(), apiHost, LedgerControl.KEY);
    }

    /** The current entry of the credential, {@link LedgerEntry#UNSEEN} if there is none. */
    public LedgerEntry entry(CredentialId credential) {
        return table.get(credential);
    }

    /** Whether the ledger has an entry of the credential. */
    public boolean isKnown(CredentialId credential) {
        return table.isKnown(credential);
    }

    /** Passes the current entry of each credential. It needs the memory of one parsed entry, and not of all. */
    public void forEach(BiConsumer<CredentialId, LedgerEntry> consumer) {
        table.forEach(consumer);
    }

    /** Returns a snapshot of the current entries, by credential. */
    public Map<CredentialId, LedgerEntry> entries() {
        return table.entries();
    }

    /**
     * Writes an entry that was made from the expected one, and completes with it when it is read and wins. It fails with a
     * {@link LedgerConflictException} if another entry was made from the expected one first. It retries while the ownership is
     * held and the context is not stopping, and fails after that: the entry may be written, or not.
     */
    public CompletableFuture<LedgerEntry> compareAndSet(
            CredentialId credential, LedgerEntry expected, LedgerEntry update, PartitionOwnership ownership) {
        if (!entry(credential).equals(expected)) {
            return CompletableFuture.failedFuture(new LedgerConflictException(credential));
        }
        CompletableFuture<LedgerEntry> written =
                writer.write(credential, update.nextRevision(), ownership, () -> !context.isStopping());
        reader.readExpected();
        return written;
    }

    /**
     * Registers credentials that the ledger does not know as first seen now. Returns when the entries are acknowledged and
     * read back.
     *
     * @throws IllegalStateException if one of them is not acknowledged
     */
    public void registerFirstSeen(Collection<CredentialId> credentials, Instant now)
            throws InterruptedException, ExecutionException {
        writer.writeFirstSeen(credentials, LedgerEntry.firstSeen(now));
        awaitReadToEnd();
    }

    @Override
    protected synchronized void doStop() {
        reader.stop();
        if (executor != null) {
            context.getExecutorServiceManager().shutdownGraceful(executor, 5_000);
        }
        writer.close();
    }
}
