package org.keyrotation.app.command;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Stack;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import picocli.CommandLine;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of a command that requests rotations. */
final class RequestOptions {

    private static final String DEFAULT_WAIT = "PT1H";

    @Option(
            names = "--requested-by",
            paramLabel = "NAME",
            description = "Who requests it, at most 200 characters. Default: the name of the user.")
    private @Nullable String requestedBy;

    @Option(
            names = "--force",
            description = "Rotates also a key that is younger than rotation.min-interval (24 hours by default). The key"
                    + " before it may then stop working early.")
    boolean force;

    @Option(names = "--dry-run", description = "Shows what would be requested, and requests nothing.")
    boolean dryRun;

    @Option(
            names = "--yes",
            description = "Confirms --force, or several credentials of the live API. Required without a terminal.")
    boolean yes;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            arity = "0..1",
            preprocessor = AttachedDuration.class,
            description = "Waits for the outcomes, at most for this ISO-8601 duration (default " + DEFAULT_WAIT
                    + "), and shows them.")
    @Nullable
    Duration wait;

    /** Without =, the argument after --wait is not its duration. */
    static final class AttachedDuration implements IParameterPreprocessor {
        @Override
        @SuppressWarnings("JdkObsolete") // picocli's type
        public boolean preprocess(Stack<String> arguments, CommandSpec spec, ArgSpec option, Map<String, Object> info) {
            if (!"=".equals(info.get("separator"))) {
                arguments.push(DEFAULT_WAIT);
            }
            return false;
        }
    }

    private String requestedBy() {
        return requestedBy == null ? UserName.current() : requestedBy;
    }

    /** Returns a new request with an id of its own. */
    RotationRequest request(CredentialId credential, String reason, Instant requestedAt) {
        return new RotationRequest(
                UUID.randomUUID().toString(),
                credential.companyId(),
                credential.apiCredentialId(),
                reason,
                requestedBy(),
                requestedAt,
                force);
    }

    /**
     * Checks the reason by the model's rules.
     *
     * @throws ParameterException if it is invalid
     */
    static void validateReason(CommandLine line, String reason) {
        if (reason.isBlank()) {
            throw new ParameterException(line, "argument --reason: empty, expected why the keys are rotated");
        }
        validate(line, "--reason", () -> new RotationRequest(null, "any", "any", reason, null, null, false));
    }

    /**
     * Checks the name of the requester by the model's rules.
     *
     * @throws ParameterException if it is invalid
     */
    void validateRequestedBy(CommandLine line) {
        validate(
                line,
                "--requested-by",
                () -> new RotationRequest(null, "any", "any", null, requestedBy(), null, false));
    }

    private static void validate(CommandLine line, String option, Supplier<RotationRequest> request) {
        try {
            RotationRequest unused = request.get();
        } catch (IllegalArgumentException e) {
            String problem = Objects.toString(e.getMessage()).replaceAll("^\\w+: ", "");
            throw new ParameterException(line, "argument " + option + ": " + problem);
        }
    }
}
