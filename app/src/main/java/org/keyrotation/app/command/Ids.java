package org.keyrotation.app.command;

import org.keyrotation.model.CredentialId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converters of the ids in arguments. */
final class Ids {

    private static final String IDS = "each id of letters, digits, '.', '_', '@' and '-', at most 100";

    private Ids() {}

    /** Converts {@code companyId/apiCredentialId}. */
    static final class Credential implements ITypeConverter<CredentialId> {
        @Override
        @SuppressWarnings("UnusedException") // it does not quote the value
        public CredentialId convert(String text) {
            try {
                return CredentialId.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "invalid value '%s', expected companyId/apiCredentialId, %s".formatted(text, IDS));
            }
        }
    }

    /** Checks the id of a company. */
    static final class Company implements ITypeConverter<String> {
        @Override
        @SuppressWarnings("UnusedException") // it does not quote the value
        public String convert(String text) {
            try {
                return new CredentialId(text, "any").companyId();
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("invalid value '%s', expected a company id, %s".formatted(text, IDS));
            }
        }
    }
}
