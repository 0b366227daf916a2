package org.keyrotation.sandbox;

import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.keyrotation.sandbox.Route.Operation;

/** Routes a request to its operation: path, authentication, authorization, fault, operation. */
final class Dispatcher {

    private final AccessControl accessControl;
    private final Faults faults;
    private final GenerateOperation generation;
    private final ReadOperations reads;

    /** Runs an operation about a second later. */
    interface DelayedExecutor extends Consumer<Supplier<ApiResponse>> {}

    Dispatcher(AccessControl accessControl, Faults faults, GenerateOperation generation, ReadOperations reads) {
        this.accessControl = accessControl;
        this.faults = faults;
        this.generation = generation;
        this.reads = reads;
    }

    /** Validates the request on arrival. The caller runs the returned operation after the latency. */
    Supplier<ApiResponse> dispatch(ReceivedRequest request, URI baseUrl, DelayedExecutor delayed) {
        try {
            Route route = Route.of(request);
            ApiUser user = accessControl.authenticate(request);
            if (route.operation() != Operation.ME) {
                accessControl.authorize(user, route.credential().companyId());
            }
            return prepare(route, request, user, baseUrl, delayed);
        } catch (ErrorResponseException e) {
            return e::response;
        }
    }

    private Supplier<ApiResponse> prepare(
            Route route, ReceivedRequest request, ApiUser user, URI baseUrl, DelayedExecutor delayed) {
        boolean isGenerate = route.operation() == Operation.GENERATE_CLIENT_KEY;
        if (isGenerate) {
            generation.validate(request);
        }
        Optional<Fault> fault = faults.take(route);
        fault.ifPresent(request::setFault);
        if (fault.isPresent() && fault.get().execution() == Fault.Execution.NEVER) {
            return isGenerate
                    ? () -> generation.fail(route.credential(), request, fault.get())
                    : () -> fault.get().applyTo(ApiResponse.empty(200));
        }
        Supplier<ApiResponse> operation = isGenerate
                ? generation.prepare(route.credential(), request)
                : reads.prepare(route, request, user, baseUrl);
        if (fault.isPresent() && fault.get().execution() == Fault.Execution.AFTER_RESPONSE) {
            delayed.accept(operation);
            return () -> fault.get().applyTo(ApiResponse.empty(200));
        }
        return () -> fault.map(each -> each.applyTo(operation.get())).orElseGet(operation);
    }
}
