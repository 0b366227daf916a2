package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ApiProblem;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ApiResult;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.publish.Outcome;

/** What becomes of a request: by the ledger alone, or else by the last answer of the API. */
final class OutcomeMapper {

    private final Prefix prefix;
    private final RotateSettings settings;
    private final LedgerUpdates books;
    private final Clock clock;

    OutcomeMapper(Prefix prefix, RotateSettings settings, LedgerUpdates books, Clock clock) {
        this.prefix = prefix;
        this.settings = settings;
        this.books = books;
        this.clock = clock;
    }

    static boolean isOpen(Exchange exchange) {
        return exchange.getMessage().getBody(Rotation.class).outcome() == null;
    }

    /** A rotation that somebody began is taken over before anything else is done of it. */
    CompletableFuture<Rotation> decide(Rotation rotation) {
        Rotation decided = decided(rotation);
        return books.isTakenOver(decided) ? books.takeOver(decided) : CompletableFuture.completedFuture(decided);
    }

    /** By the ledger alone: without an outcome where it is to be rotated. */
    Rotation decided(Rotation rotation) {
        Instant now = clock.instant();
        Decision decision = Decision.of(books.entry(rotation.credential()), rotation.request(), now, settings);
        if (decision instanceof Decision.Satisfied satisfied) {
            return rotation.with(new Outcome.Satisfied(rotation.request(), satisfied.lastRotationAt()));
        }
        if (decision instanceof Decision.Fail fail) {
            return rotation.with(new Outcome.Told(fail.failure()));
        }
        if (decision instanceof Decision.Refuse refuse) {
            return rotation.with(failed(rotation, FailureCode.ROTATED_RECENTLY, tooYoung(refuse), null));
        }
        if (decision instanceof Decision.Defer defer) {
            return rotation.with(behind(rotation, defer));
        }
        return decision instanceof Decision.Resume resume
                ? rotation.tried(now).resuming(resume.rotation())
                : rotation.tried(now);
    }

    /** The outcome, which is written down where it is to be before it is told. */
    CompletableFuture<Rotation> settle(Rotation rotation) {
        return books.beforeTelling(
                isSettled(rotation)
                        ? rotation
                        : rotation.with(outcome(
                                rotation, requireNonNull(rotation.progress().answer()))));
    }

    private static boolean isSettled(Rotation rotation) {
        return rotation.outcome() != null;
    }

    private Outcome outcome(Rotation rotation, ApiResult answer) {
        if (answer instanceof ApiResult.KeyGenerated generated) {
            return rotated(rotation, generated);
        }
        if (answer instanceof ApiResult.Rejected refused) {
            return failed(rotation, refused.code(), refused.detail(), refused.problem());
        }
        ApiResult.Inconclusive unsettled = (ApiResult.Inconclusive) answer;
        Instant first = firstAttemptAt(rotation);
        return Duration.between(first, clock.instant()).compareTo(settings.giveUpAfter()) >= 0
                ? failed(rotation, FailureCode.GAVE_UP, lastWords(rotation, unsettled), unsettled.problem())
                : deferred(rotation, first, unsettled);
    }

    /** The times lean to the safe side: the key is taken to work late, and the old one to die early. */
    private Outcome rotated(Rotation rotation, ApiResult.KeyGenerated answer) {
        RotationRequest request = rotation.request();
        Instant generatedAt = requireNonNull(rotation.progress().started()).startedAt();
        return new Outcome.Told(new ClientKeyRotated(
                rotation.requestId(),
                request.companyId(),
                request.apiCredentialId(),
                answer.clientKey(),
                answer.clientKey().fingerprint(),
                rotation.progress().previousKeyFingerprint(),
                generatedAt,
                clock.instant().plus(settings.activationDelay()),
                generatedAt.plus(settings.overlap()),
                answer.recovered()));
    }

    private Outcome failed(Rotation rotation, FailureCode code, String detail, @Nullable ApiProblem problem) {
        RotationRequest request = rotation.request();
        return new Outcome.Told(new RotationFailed(
                request.requestId(),
                request.companyId(),
                request.apiCredentialId(),
                code,
                detail,
                code.retryable(),
                rotation.progress().attempts(),
                clock.instant(),
                problem,
                rotation.history().source(),
                null));
    }

    private Outcome deferred(Rotation rotation, Instant first, ApiResult.Inconclusive answer) {
        Instant asked = answer.retryAfter() == null ? null : clock.instant().plus(answer.retryAfter());
        Instant deadline = first.plus(settings.giveUpAfter());
        Instant notBefore = asked != null && asked.isAfter(deadline) ? deadline : asked;
        return new Outcome.Deferred(
                rotation.request(),
                rotation.history().next(rotation.progress().attempts(), first, notBefore, answer.detail()));
    }

    private static Outcome behind(Rotation rotation, Decision.Defer defer) {
        String detail = "The rotation of request " + defer.other().requestId() + " is not finished";
        return new Outcome.Deferred(
                rotation.request(),
                rotation.history()
                        .next(rotation.progress().attempts(), rotation.history().firstAttemptAt(), null, detail));
    }

    private String tooYoung(Decision.Refuse refuse) {
        return prefix.in(
                        "The last rotation, of %s, is younger than rotation.min-interval, %s; ask with \"force\": true to rotate all the same")
                .formatted(refuse.lastRotationAt(), settings.minInterval());
    }

    private static String lastWords(Rotation rotation, ApiResult.Inconclusive answer) {
        boolean doubtful = rotation.progress().started() != null;
        return answer.detail() + (doubtful ? "; the API may have generated a key all the same" : "");
    }

    private static Instant firstAttemptAt(Rotation rotation) {
        Instant earlier = rotation.history().firstAttemptAt();
        return earlier == null ? requireNonNull(rotation.progress().triedAt()) : earlier;
    }
}
