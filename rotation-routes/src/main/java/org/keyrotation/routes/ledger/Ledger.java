package org.keyrotation.routes.ledger;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.camel.ThreadPools;

/**
 * What is known of each credential: a compacted topic that every instance holds in memory. Whoever decides by it first
 * waits until it has {@linkplain #caughtUp() caught up}.
 */
public final class Ledger extends ServiceSupport {

    private static final long PATIENCE_SECONDS = 30;

    private final CamelContext context;
    private final String topic;
    private final LedgerTable entries = new LedgerTable();
    private final LedgerReader reader;
    private final LedgerWriter writer;
    private @Nullable CompletableFuture<Void> loaded;
    private @Nullable ExecutorService executor;

    /** @param mends whether it writes over what came late; not where it is only looked at */
    public Ledger(
            CamelContext context, LedgerSettings settings, MeterRegistry meters, boolean mends, ThreadPools threads) {
        this.context = context;
        this.topic = settings.topic();
        LedgerClients clients = new LedgerClients(new org.keyrotation.routes.kafka.KafkaClients(context), topic);
        this.writer = new LedgerWriter(topic, entries, clients::producer, threads);
        this.reader = new LedgerReader(topic, entries, clients::consumer, mends ? writer::restore : credential -> {});
        Gauge.builder("rotation.ledger.credentials", entries, LedgerTable::size)
                .description("Credentials that the ledger knows")
                .register(meters);
    }

    /** Begins to read, once; to be called when the topic is there. Completes once it is read to its end. */
    public synchronized Future<Void> open() {
        if (loaded == null) {
            executor = context.getExecutorServiceManager().newSingleThreadExecutor(this, "rotation-ledger");
            loaded = reader.caughtUp();
            executor.execute(reader);
        }
        return loaded;
    }

    /** Why nothing can be decided by the ledger yet, or null. */
    public synchronized @Nullable String obstacle() {
        String unreadable = entries.unreadable();
        if (unreadable != null) {
            return "The ledger %s has a record that is no entry, at %s: nothing is decided until a later record with the"
                            .formatted(topic, unreadable)
                    + " same key, an entry of a higher revision or a tombstone, replaces it";
        }
        return loaded != null && loaded.isDone()
                ? null
                : "The ledger " + topic + " is being read, " + entries.size() + " credentials so far";
    }

    /** Completes once everything is known here that had been acknowledged, to whomever, when this was called. */
    public CompletableFuture<Void> caughtUp() {
        return reader.caughtUp();
    }

    /**
     * Waits for that.
     *
     * @throws IllegalStateException where it takes longer than 30 seconds, with what stands in the way
     */
    public void awaitCaughtUp() throws InterruptedException, ExecutionException {
        try {
            caughtUp().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            String obstacle = Objects.requireNonNullElse(obstacle(), "The ledger cannot be read to its end");
            throw new IllegalStateException("Nothing was rotated. " + obstacle, e);
        }
    }

    /** {@link LedgerEntry#UNSEEN} where nothing is known. */
    public LedgerEntry entry(CredentialId credential) {
        return entries.of(credential);
    }

    /**
     * Completes once the entry is acknowledged by all in-sync replicas; until then it is tried again, for as long as it may
     * be written and the context is not being stopped. It fails where it may not any more: it may then have been written, or
     * not.
     *
     * @param generation of the consumer group, in which the writer has the credential's partition
     */
    public CompletableFuture<Void> write(
            CredentialId credential, LedgerEntry entry, int generation, BooleanSupplier mayWrite) {
        return writer.write(credential, entry.writtenIn(generation), mayWrite, () -> !context.isStopping());
    }

    /**
     * Enters credentials that were never seen before as seen now, and returns once that is acknowledged and known here.
     *
     * @throws IllegalStateException where it is not, of one at least
     */
    public void enter(Collection<CredentialId> credentials, Instant now)
            throws InterruptedException, ExecutionException {
        writer.writeFirst(credentials, LedgerEntry.firstSeen(now));
        awaitCaughtUp();
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
