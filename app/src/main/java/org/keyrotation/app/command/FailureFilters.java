package org.keyrotation.app.command;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.failures.OpenFailures;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.OpenFailure;
import org.keyrotation.routes.ledger.LedgerEntry;
import picocli.CommandLine.Option;

/** The options that select failures that no key has followed. */
final class FailureFilters {

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            description = "Only failures of the last DURATION, as ISO-8601 such as PT6H (default P7D).")
    private Duration since = Duration.ofDays(7);

    @Option(
            names = "--company",
            paramLabel = "ID",
            converter = Ids.Company.class,
            description = "Only failures of this company.")
    private @Nullable String companyId;

    @Option(
            names = "--code",
            paramLabel = "CODE",
            description = "Only failures with this code: ${COMPLETION-CANDIDATES}.")
    private @Nullable FailureCode code;

    /** Reads the failures topic, after the ledger, and returns the selected failures, the newest first. */
    List<OpenFailure> read(CommandContext context, Map<CredentialId, LedgerEntry> ledger) throws Exception {
        String topic = context.settings().publish().failuresTopic();
        OpenFailures failures = context.reading(() ->
                OpenFailures.read(context.kafka(), topic, ledger, Instant.now().minus(since)));
        return failures.matching(companyId, code);
    }
}
