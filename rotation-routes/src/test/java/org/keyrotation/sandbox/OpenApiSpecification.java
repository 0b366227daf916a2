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
 * Adyen's OpenAPI file, which validates the simulator. It is not part of the project: the system property {@code
 * adyen.spec} locates it, by default beside the project.
 */
final class OpenApiSpecification implements AutoCloseable {

    private static final Path FILE =
            Path.of(System.getProperty("adyen.spec", "../../shared/spec/ManagementService-v3.json"));

    private final Vertx vertx = Vertx.vertx();
    private final OpenAPIContract contract;
    private final ResponseValidator validator;

    private OpenApiSpecification(String text) {
        contract = Futures.await(OpenAPIContract.from(vertx, new JsonObject(text))
                .toCompletionStage()
                .toCompletableFuture());
        validator = ResponseValidator.create(vertx, contract);
    }

    /** Returns empty and prints one line if the file does not exist. */
    static Optional<OpenApiSpecification> find() throws IOException {
        if (Files.exists(FILE)) {
            return Optional.of(new OpenApiSpecification(Files.readString(FILE)));
        }
        System.err.println("SKIPPED: cannot validate the simulator, no OpenAPI file of Adyen at "
                + FILE.toAbsolutePath().normalize()
                + "; get it from github.com/Adyen/adyen-openapi, or set its path with -Dadyen.spec");
        return Optional.empty();
    }

    /** The declared operation of a request. */
    Optional<Operation> operation(String method, String path) {
        return Optional.ofNullable(contract.findOperation(path, HttpMethod.valueOf(method)));
    }

    boolean declares(Operation operation, int status) {
        return operation.getResponse(status) != null;
    }

    /** @throws IllegalStateException if the response does not match the schema of this status */
    void check(Operation operation, int status, HttpResponse<String> response) {
        String contentType = response.headers().firstValue("Content-Type").orElse("");
        Futures.await(validator
                .validate(
                        ValidatableResponse.create(status, Buffer.buffer(response.body()), contentType),
                        operation.getOperationId())
                .toCompletionStage()
                .toCompletableFuture());
    }

    @Override
    public void close() {
        Futures.await(vertx.close().toCompletionStage().toCompletableFuture());
    }
}
