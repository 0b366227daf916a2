package org.keyrotation.sandbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keyrotation.sandbox.Route.Operation;

/**
 * The faults to inject. They apply to calls of generateClientKey, unless a method says otherwise, and only after
 * authentication and authorization. A call gets the first of these: a fault queued for its credential, a fault queued
 * for any credential, a persistent fault, a random fault.
 */
public final class Faults {

    private final Map<CredentialId, Queue<Fault>> byCredential = new HashMap<>();
    private final Map<CredentialId, Queue<Fault>> readsByCredential = new HashMap<>();
    private final Queue<Fault> queued = new ArrayDeque<>();
    private final Queue<Fault> queuedReads = new ArrayDeque<>();
    private final List<Supplier<@Nullable Fault>> persistent = new ArrayList<>();
    private final List<Supplier<@Nullable Fault>> persistentReads = new ArrayList<>();

    Faults() {}

    /** For the next calls, in this order, of any credential. */
    public synchronized void failNext(Fault... faults) {
        queued.addAll(List.of(faults));
    }

    /** For the next calls of this credential, in this order. */
    public synchronized void failNext(String companyId, String apiCredentialId, Fault... faults) {
        enqueue(byCredential, companyId, apiCredentialId, faults);
    }

    /** For the next GETs of this credential, in this order. */
    public synchronized void failNextReads(String companyId, String apiCredentialId, Fault... faults) {
        enqueue(readsByCredential, companyId, apiCredentialId, faults);
    }

    /** For the next GETs, in this order: of a credential, of a list, of {@code /me}. */
    public synchronized void failNextReads(Fault... faults) {
        queuedReads.addAll(List.of(faults));
    }

    /** For every call from now on. */
    public void failAlways(Fault fault) {
        failWhile(() -> true, fault);
    }

    /** For every call and every GET from now on. */
    public synchronized void failEverything(Fault fault) {
        persistent.add(() -> fault);
        persistentReads.add(() -> fault);
    }

    public synchronized void failWhile(BooleanSupplier condition, Fault fault) {
        persistent.add(() -> condition.getAsBoolean() ? fault : null);
    }

    /** For a share (0 to 1) of all calls, picked from these faults. The same seed gives the same sequence. */
    public synchronized void failRandomly(long seed, double share, Fault... faults) {
        persistent.add(randomly(seed, share, List.of(faults)));
    }

    /** For a share (0 to 1) of all GETs, with a random sequence of their own. */
    public synchronized void failReadsRandomly(long seed, double share, Fault... faults) {
        persistentReads.add(randomly(seed, share, List.of(faults)));
    }

    /** Removes all faults. */
    public synchronized void noMoreFaults() {
        byCredential.clear();
        readsByCredential.clear();
        queued.clear();
        queuedReads.clear();
        persistent.clear();
        persistentReads.clear();
    }

    synchronized Optional<Fault> take(Route route) {
        boolean generates = route.operation() == Operation.GENERATE_CLIENT_KEY;
        Queue<Fault> own =
                (generates ? byCredential : readsByCredential).getOrDefault(route.credential(), new ArrayDeque<>());
        return generates
                ? first(Stream.of(own::poll, queued::poll), persistent)
                : first(Stream.of(own::poll, queuedReads::poll), persistentReads);
    }

    private static void enqueue(
            Map<CredentialId, Queue<Fault>> plans, String companyId, String apiCredentialId, Fault... faults) {
        plans.computeIfAbsent(new CredentialId(companyId, apiCredentialId), id -> new ArrayDeque<>())
                .addAll(List.of(faults));
    }

    private static Optional<Fault> first(
            Stream<Supplier<@Nullable Fault>> queued, List<Supplier<@Nullable Fault>> persistent) {
        return Stream.concat(queued, persistent.stream())
                .map(Supplier::get)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private static Supplier<@Nullable Fault> randomly(long seed, double share, List<Fault> candidates) {
        Random random = new Random(seed);
        return () -> random.nextDouble() < share ? candidates.get(random.nextInt(candidates.size())) : null;
    }
}
