package org.keyrotation.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Example messages with all fields set, and factory methods for others. */
final class Examples {

    static final CredentialId CREDENTIAL = new CredentialId("AcmeCorp", "S2-6262224667");
    static final ClientKey KEY = new ClientKey("test_870be2a3d4f147ecac18ab06aea4cbd1");
    static final Instant SEVEN = Instant.parse("2026-11-23T07:00:00Z");
    static final RequestSource SOURCE = new RequestSource("rotation.requests", 3, 1042);
    static final ApiProblem PROBLEM = new ApiProblem(
            "https://docs.adyen.com/errors/forbidden", "00_403", "Forbidden", "Not allowed", 403, "NC6HT9CRT65ZGN82");
    static final RotationRequest REQUEST =
            new RotationRequest("0b5c8f2e", "AcmeCorp", "S2-6262224667", "suspected leak", "alice", SEVEN, true);
    static final ClientKeyRotated ROTATED = new ClientKeyRotated(
            "0b5c8f2e",
            "AcmeCorp",
            "S2-6262224667",
            KEY,
            KEY.fingerprint(),
            "sha256:60303ae22b998861",
            SEVEN,
            SEVEN.plusSeconds(301),
            SEVEN.plusSeconds(86_400),
            true,
            "suspected leak",
            "alice",
            SEVEN.minusSeconds(1),
            true);
    static final RotationFailed FAILED = failed("0b5c8f2e", "some detail", SOURCE, "{");
    static final PlanReport PLAN = new PlanReport(
            List.of(new PlanReport.Credential(
                    "AcmeCorp", "S2-6262224667", PlannedRotation.State.DUE, SEVEN, "0b5c8f2e", "never seen before")),
            List.of("a problem of the plan"));
    static final PauseReport PAUSE =
            new PauseReport(true, SEVEN.plusSeconds(60), "alice", SEVEN, List.of("a problem of the pause"));
    static final CheckReport CHECK = new CheckReport(
            List.of(new CheckReport.Check("brokers", CheckReport.Result.OK, "localhost:9092 answers")),
            List.of("a problem of the check"));
    static final RequestsReport REQUESTS = new RequestsReport(
            List.of(new RequestReport(
                    "0b5c8f2e",
                    "AcmeCorp",
                    "S2-6262224667",
                    RequestReport.Outcome.FAILED,
                    "FORBIDDEN: The API answered 403")),
            List.of("Something is wrong"));

    static final RequestSatisfied SATISFIED = new RequestSatisfied(
            "0b5c8f2e",
            "AcmeCorp",
            "S2-6262224667",
            SEVEN,
            KEY.fingerprint(),
            SEVEN.plusSeconds(2),
            "suspected leak",
            "alice",
            SEVEN.minusSeconds(1));

    static final KeyAcknowledgement ACKNOWLEDGEMENT =
            new KeyAcknowledgement("checkout", "AcmeCorp", "S2-6262224667", KEY.fingerprint(), SEVEN, "checkout-7d9f");

    private Examples() {}

    static RotationFailed failed(
            @Nullable String requestId, String detail, @Nullable RequestSource source, @Nullable String original) {
        return new RotationFailed(
                requestId,
                "AcmeCorp",
                "S2-6262224667",
                FailureCode.FORBIDDEN,
                detail,
                false,
                1,
                SEVEN,
                "suspected leak",
                "alice",
                SEVEN.minusSeconds(1),
                false,
                PROBLEM,
                source,
                original);
    }

    static RotationRequest withIdAndTime(@Nullable String requestId, @Nullable Instant requestedAt) {
        return new RotationRequest(requestId, "AcmeCorp", "S2-6262224667", null, null, requestedAt, false);
    }

    static RotationRequest read(String json) {
        return RotationRequest.read(json.getBytes(UTF_8));
    }
}
