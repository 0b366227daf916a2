package org.keyrotation.app.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.terminal.Table;
import org.keyrotation.app.terminal.Terminal;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.api.ApiSettings;

/**
 * The question before many rotations of the live API, or forced ones. The answer is their number.
 *
 * @param in the terminal; null if there is none
 * @param err shows the question
 */
record Confirmation(@Nullable BufferedReader in, PrintStream err) {

    private static final int SHOWN = 5;

    /** @param isInputTaken whether standard input holds data */
    static Confirmation ofTerminal(boolean isInputTaken) {
        boolean isPresent = !isInputTaken && Terminal.isPresent();
        return new Confirmation(
                isPresent ? new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())) : null,
                System.err);
    }

    /**
     * Returns if the rotations need no confirmation, or are confirmed.
     *
     * @throws CommandException if they are not confirmed
     */
    void require(ApiSettings api, List<CredentialId> credentials, boolean force, boolean yes) {
        if (!force && (credentials.size() == 1 || !api.isLive())) {
            return;
        }
        err.print(summary(api.host(), credentials, force));
        requireAnswer("Type the number of rotations to request them: ", credentials.size(), yes);
    }

    /**
     * Asks once more before forced rotations of credentials whose current keys are not adopted yet: the previous keys, which their
     * consumers still use, may stop at once.
     *
     * @param pending the consumers that have not adopted the current key, by credential
     * @throws CommandException if it is not confirmed
     */
    void requireDespite(Map<CredentialId, List<String>> pending, int count, boolean yes) {
        if (pending.isEmpty()) {
            return;
        }
        err.printf(
                "The current keys of %d of them are not adopted by all consumers. A second rotation may stop the keys that these"
                        + " use:%n",
                pending.size());
        pending.entrySet().stream()
                .limit(SHOWN)
                .forEach(each -> err.printf("  %s: %s%n", each.getKey(), String.join(", ", each.getValue())));
        if (pending.size() > SHOWN) {
            err.printf("  and %d more%n", pending.size() - SHOWN);
        }
        requireAnswer("Type the number of rotations once more to request them: ", count, yes);
    }

    private void requireAnswer(String question, int count, boolean yes) {
        if (yes) {
            return;
        }
        if (in == null) {
            throw notConfirmed("no terminal to confirm at, expected --yes");
        }
        err.print(question);
        err.flush();
        String answer = answer(in);
        if (!answer.equals(String.valueOf(count))) {
            throw notConfirmed("the answer was '%s', expected %d".formatted(Table.text(answer), count));
        }
    }

    private static String summary(String host, List<CredentialId> credentials, boolean force) {
        StringBuilder summary = new StringBuilder("%d %s at %s:%n"
                .formatted(
                        credentials.size(),
                        (force ? "forced " : "") + (credentials.size() == 1 ? "rotation" : "rotations"),
                        host));
        credentials.stream().limit(SHOWN).forEach(credential -> summary.append("  %s%n".formatted(credential)));
        if (credentials.size() > SHOWN) {
            summary.append("  and %d more%n".formatted(credentials.size() - SHOWN));
        }
        return summary.toString();
    }

    private static String answer(BufferedReader in) {
        try {
            String line = in.readLine();
            return line == null ? "" : line.strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static CommandException notConfirmed(String reason) {
        return new CommandException(ExitStatus.NOT_CONFIRMED, "Not confirmed: " + reason + "; nothing was requested");
    }
}
