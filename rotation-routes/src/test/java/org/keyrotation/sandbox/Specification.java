package org.keyrotation.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Adyen's OpenAPI file, as judge of the simulator. It is not part of the project: it is looked for where the system property
 * {@code adyen.spec} says, or beside the project.
 */
final class Specification implements AutoCloseable {

    private static final Path FILE =
            Path.of(System.getProperty("adyen.spec", "../../shared/spec/ManagementService-v3.json"));

    private final Vertx vertx = Vertx.vertx();
    private final OpenAPIContract contract;
    private final ResponseValidator validator;

    private Specification(String text) {
        contract = Patience.await(OpenAPIContract.from(vertx, new JsonObject(text))
                .toCompletionStage()
                .toCompletableFuture());
        validator = ResponseValidator.create(vertx, contract);
    }

    /** Empty, with one line on the screen, where the file is not there. */
    static Optional<Specification> find() throws IOException {
        if (Files.exists(FILE)) {
            return Optional.of(new Specification(Files.readString(FILE)));
        }
        System.err.println("SKIPPED: the simulator is not checked against Adyen's OpenAPI file, as it is not at "
                + FILE.toAbsolutePath().normalize()
                + "; get it from github.com/Adyen/adyen-openapi, or name it with -Dadyen.spec");
        return Optional.empty();
    }

    /** The declared operation that a request is for. */
    Optional<Operation> operation(String method, String path) {
        return Optional.ofNullable(contract.findOperation(path, HttpMethod.valueOf(method)));
    }

    boolean declares(Operation operation, int status) {
        return operation.getResponse(status) != null;
    }

    /** @throws IllegalStateException where the answer is not as declared for this status */
    void check(Operation operation, int status, HttpResponse<String> answer) {
        String contentType = answer.headers().firstValue("Content-Type").orElse("");
        Patience.await(validator
                .validate(
                        ValidatableResponse.create(status, Buffer.buffer(answer.body()), contentType),
                        operation.getOperationId())
                .toCompletionStage()
                .toCompletableFuture());
    }

    @Override
    public void close() {
        Patience.await(vertx.close().toCompletionStage().toCompletableFuture());
    }
}
