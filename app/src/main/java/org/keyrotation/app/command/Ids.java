package org.keyrotation.app.command;

import java.util.ArrayList;
import java.util.List;
import org.keyrotation.model.CredentialId;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The ids in arguments. */
final class Ids {

    private static final String CHARACTERS = "at most 100 letters, digits, '.', '_', '@' and '-'";

    private Ids() {}

    /**
     * Parses arguments of the form {@code companyId/apiCredentialId}. As a converter, it would make picocli report an invalid one
     * as an unknown argument.
     *
     * @throws ParameterException for the first that is none
     */
    @SuppressWarnings("UnusedException") // it does not quote the value
    static List<CredentialId> credentials(List<String> texts, CommandLine line) {
        List<CredentialId> credentials = new ArrayList<>();
        for (String text : texts) {
            try {
                credentials.add(CredentialId.parse(text));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(
                        line,
                        "argument CREDENTIAL: invalid value '%s', expected companyId/apiCredentialId, each of %s"
                                .formatted(text, CHARACTERS));
            }
        }
        return credentials;
    }

    /** Checks the id of a company. */
    static final class Company implements ITypeConverter<String> {
        @Override
        @SuppressWarnings("UnusedException") // it does not quote the value
        public String convert(String text) {
            try {
                return new CredentialId(text, "any").companyId();
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "invalid value '%s', expected a company id of %s".formatted(text, CHARACTERS));
            }
        }
    }
}
