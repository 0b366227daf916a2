package org.keyrotation.app.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.api.CredentialLister;
import org.keyrotation.routes.api.ListedCredential;
import org.keyrotation.routes.api.ListingFailedException;
import org.keyrotation.routes.config.GlobPattern;
import org.keyrotation.routes.schedule.TargetFile;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The credentials that a command is for: named ones, those of a company, or those of a file. */
final class CredentialSelection {

    private static final String STANDARD_INPUT = "-";
    private static final int MAX_PROBLEMS = 100;

    @Parameters(
            paramLabel = "CREDENTIAL",
            arity = "1..*",
            description = "Credentials, each as companyId/apiCredentialId.")
    private @Nullable List<String> named;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private @Nullable OfCompany ofCompany;

    @Option(
            names = "--file",
            required = true,
            paramLabel = "FILE|-",
            description = "A UTF-8 file, or standard input, with one companyId/apiCredentialId a line. Lines that begin"
                    + " with # are comments.")
    private @Nullable String file;

    /** The options that select active credentials of a company. */
    static final class OfCompany {
        @Option(
                names = "--company",
                required = true,
                paramLabel = "ID",
                converter = Ids.Company.class,
                description = "All active credentials of this company, which the API lists.")
        private String companyId = "";

        @Option(
                names = "--match",
                paramLabel = "GLOB",
                description = "Of these, only those whose apiCredentialId matches, such as 'S2-00*'.")
        private @Nullable String match;
    }

    /** Whether the API lists the credentials. */
    boolean isOfCompany() {
        return ofCompany != null;
    }

    /** Whether standard input holds the credentials, so that no question can be answered there. */
    boolean isOnStandardInput() {
        return STANDARD_INPUT.equals(file);
    }

    /**
     * Checks the arguments, and reads the file.
     *
     * @throws ParameterException if an argument is invalid
     * @throws CommandException with each line of the file that is no credential
     */
    Prepared prepare(CommandLine line) {
        if (ofCompany != null) {
            return company(line, ofCompany);
        }
        Collection<CredentialId> credentials = new LinkedHashSet<>(
                named == null ? readFile(line, String.valueOf(file)) : Ids.credentials(named, line));
        return lister -> credentials;
    }

    /** A selection whose arguments are valid. */
    interface Prepared {
        /**
         * Asks the API only if the selection is of a company.
         *
         * @throws CommandException if there are none
         */
        Collection<CredentialId> find(CredentialLister lister);
    }

    private static Prepared company(CommandLine line, OfCompany company) {
        Predicate<CredentialId> matches = company.match == null ? any -> true : glob(line, company.match);
        return lister -> active(line, lister, company, matches);
    }

    private static Predicate<CredentialId> glob(CommandLine line, String pattern) {
        try {
            if (!pattern.contains("/")) {
                GlobPattern glob = new GlobPattern(pattern);
                return credential -> glob.matches(credential.toString());
            }
        } catch (IllegalArgumentException e) {
            // the same message as for a slash
        }
        throw new ParameterException(
                line,
                "argument --match: invalid value '%s', expected a glob pattern of apiCredentialIds, such as S2-00*"
                        .formatted(pattern));
    }

    private static Collection<CredentialId> active(
            CommandLine line, CredentialLister lister, OfCompany company, Predicate<CredentialId> matches) {
        List<CredentialId> active = list(lister, company.companyId).entrySet().stream()
                .filter(entry -> entry.getValue().active())
                .map(entry -> listed(company.companyId, entry.getKey()))
                .toList();
        List<CredentialId> matching = active.stream().filter(matches).toList();
        if (active.isEmpty()) {
            throw new CommandException(
                    ExitStatus.FAILED,
                    "The API lists no active credentials of company %s: nothing was requested"
                            .formatted(company.companyId));
        }
        if (matching.isEmpty()) {
            throw new ParameterException(
                    line,
                    "argument --match: '%s' matches none of the %d active credentials of company %s, expected a pattern such as S2-00*"
                            .formatted(company.match, active.size(), company.companyId));
        }
        return matching;
    }

    private static CredentialId listed(String companyId, String id) {
        try {
            return new CredentialId(companyId, id);
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    ExitStatus.FAILED,
                    "The API lists a credential of company %s with an invalid id (%s): nothing was requested"
                            .formatted(companyId, e.getMessage()));
        }
    }

    private static Map<String, ListedCredential> list(CredentialLister lister, String companyId) {
        try {
            return lister.list(companyId);
        } catch (ListingFailedException e) {
            throw new CommandException(ExitStatus.FAILED, String.valueOf(e.getMessage()));
        }
    }

    /** A person reads them: of a file that is no such list, each line is a problem. */
    private static List<String> shown(List<String> problems, String file) {
        if (problems.size() <= MAX_PROBLEMS) {
            return problems;
        }
        List<String> shown = new ArrayList<>(problems.subList(0, MAX_PROBLEMS));
        shown.add("%s: %d more invalid lines".formatted(file, problems.size() - MAX_PROBLEMS));
        return shown;
    }

    private List<CredentialId> readFile(CommandLine line, String path) {
        String name = isOnStandardInput() ? "standard input" : path;
        List<String> problems = new ArrayList<>();
        List<CredentialId> credentials;
        try (InputStream in = isOnStandardInput() ? System.in : Files.newInputStream(Path.of(path))) {
            credentials = TargetFile.read(in, name, problems);
        } catch (IOException | InvalidPathException e) {
            throw new ParameterException(
                    line,
                    "argument --file: %s cannot be read (%s), expected a UTF-8 text file"
                            .formatted(path, e.getClass().getSimpleName()));
        }
        if (!problems.isEmpty()) {
            throw new CommandException(ExitStatus.WRONG_USAGE, shown(problems, name));
        }
        if (credentials.isEmpty()) {
            throw new ParameterException(
                    line, "argument --file: no credential in %s, expected one a line".formatted(path));
        }
        return credentials;
    }
}
