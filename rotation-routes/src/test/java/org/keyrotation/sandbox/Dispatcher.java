package org.keyrotation.sandbox;

import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.keyrotation.sandbox.Route.Operation;

/** Leads a request to its operation: path, caller, permission, fault, and then the work itself. */
final class Dispatcher {

    private final Users users;
    private final Faults faults;
    private final KeyGeneration generation;
    private final Reads reads;

    /** Does work a second later. */
    interface Later extends Consumer<Supplier<Answer>> {}

    Dispatcher(Users users, Faults faults, KeyGeneration generation, Reads reads) {
        this.users = users;
        this.faults = faults;
        this.generation = generation;
        this.reads = reads;
    }

    /** Decides on arrival what is to be done; the returned work does it, once the latency is over. */
    Supplier<Answer> arrive(ReceivedRequest request, URI baseUrl, Later later) {
        try {
            Route route = Route.of(request);
            ApiUser user = users.authenticate(request);
            if (route.operation() != Operation.ME) {
                users.authorize(user, route.credential().companyId());
            }
            return begin(route, request, user, baseUrl, later);
        } catch (Refusal refusal) {
            return refusal::answer;
        }
    }

    private Supplier<Answer> begin(Route route, ReceivedRequest request, ApiUser user, URI baseUrl, Later later) {
        boolean generates = route.operation() == Operation.GENERATE_CLIENT_KEY;
        if (generates) {
            generation.check(request);
        }
        Optional<Fault> fault = faults.take(route);
        fault.ifPresent(request::met);
        if (fault.isPresent() && fault.get().execution() == Fault.Execution.NEVER) {
            return generates
                    ? () -> generation.fail(route.credential(), request, fault.get())
                    : () -> fault.get().applyTo(Answer.empty(200));
        }
        Supplier<Answer> work =
                generates ? generation.begin(route.credential(), request) : reads.begin(route, request, user, baseUrl);
        if (fault.isPresent() && fault.get().execution() == Fault.Execution.LATE) {
            later.accept(work);
            return () -> fault.get().applyTo(Answer.empty(200));
        }
        return () -> fault.map(met -> met.applyTo(work.get())).orElseGet(work);
    }
}
