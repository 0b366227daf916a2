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
 * What is to go wrong. Faults meet calls of generateClientKey, unless a method says otherwise, and only calls that are
 * allowed: a wrong API key is a 401 whatever is planned here. A call takes the first that there is: one queued for its
 * credential, one queued for any, a lasting one, a random one.
 */
public final class Faults {

    private final Map<CredentialId, Queue<Fault>> ofCredential = new HashMap<>();
    private final Map<CredentialId, Queue<Fault>> readsOfCredential = new HashMap<>();
    private final Queue<Fault> next = new ArrayDeque<>();
    private final Queue<Fault> nextReads = new ArrayDeque<>();
    private final List<Supplier<@Nullable Fault>> lasting = new ArrayList<>();
    private final List<Supplier<@Nullable Fault>> lastingReads = new ArrayList<>();

    Faults() {}

    /** For the next calls, in this order, whichever credential they are for. */
    public synchronized void failNext(Fault... faults) {
        next.addAll(List.of(faults));
    }

    /** For the next calls for this credential, in this order. */
    public synchronized void failNext(String companyId, String apiCredentialId, Fault... faults) {
        plan(ofCredential, companyId, apiCredentialId, faults);
    }

    /** For the next GETs of this credential, in this order. */
    public synchronized void failNextReads(String companyId, String apiCredentialId, Fault... faults) {
        plan(readsOfCredential, companyId, apiCredentialId, faults);
    }

    /** For the next GETs, in this order: of a credential, of a list, of {@code /me}. */
    public synchronized void failNextReads(Fault... faults) {
        nextReads.addAll(List.of(faults));
    }

    /** For every call from now on. */
    public void failAlways(Fault fault) {
        failWhile(() -> true, fault);
    }

    /** For every call and every GET from now on. */
    public synchronized void failEverything(Fault fault) {
        lasting.add(() -> fault);
        lastingReads.add(() -> fault);
    }

    public synchronized void failWhile(BooleanSupplier condition, Fault fault) {
        lasting.add(() -> condition.getAsBoolean() ? fault : null);
    }

    /** For a share (0 to 1) of all calls, one of these each. The same seed gives the same sequence. */
    public synchronized void failRandomly(long seed, double share, Fault... faults) {
        lasting.add(randomly(seed, share, List.of(faults)));
    }

    /** The same for GETs, with a sequence of their own. */
    public synchronized void failReadsRandomly(long seed, double share, Fault... faults) {
        lastingReads.add(randomly(seed, share, List.of(faults)));
    }

    /** Forgets everything planned. */
    public synchronized void noMoreFaults() {
        ofCredential.clear();
        readsOfCredential.clear();
        next.clear();
        nextReads.clear();
        lasting.clear();
        lastingReads.clear();
    }

    synchronized Optional<Fault> take(Route route) {
        boolean generates = route.operation() == Operation.GENERATE_CLIENT_KEY;
        Queue<Fault> own =
                (generates ? ofCredential : readsOfCredential).getOrDefault(route.credential(), new ArrayDeque<>());
        return generates
                ? first(Stream.of(own::poll, next::poll), lasting)
                : first(Stream.of(own::poll, nextReads::poll), lastingReads);
    }

    private static void plan(
            Map<CredentialId, Queue<Fault>> plans, String companyId, String apiCredentialId, Fault... faults) {
        plans.computeIfAbsent(new CredentialId(companyId, apiCredentialId), id -> new ArrayDeque<>())
                .addAll(List.of(faults));
    }

    private static Optional<Fault> first(
            Stream<Supplier<@Nullable Fault>> queued, List<Supplier<@Nullable Fault>> lasting) {
        return Stream.concat(queued, lasting.stream())
                .map(Supplier::get)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private static Supplier<@Nullable Fault> randomly(long seed, double share, List<Fault> choice) {
        Random random = new Random(seed);
        return () -> random.nextDouble() < share ? choice.get(random.nextInt(choice.size())) : null;
    }
}
