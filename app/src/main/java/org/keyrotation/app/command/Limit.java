package org.keyrotation.app.command;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The number of credentials above which a command does nothing. */
record Limit(int count) {

    /** Converts a number of at least 1. */
    static final class Converter implements ITypeConverter<Limit> {
        @Override
        @SuppressWarnings("UnusedException") // the message is about the text alone
        public Limit convert(String text) {
            try {
                int count = Integer.parseInt(text);
                if (count > 0) {
                    return new Limit(count);
                }
            } catch (NumberFormatException e) {
                throw invalid(text);
            }
            throw invalid(text);
        }

        private static TypeConversionException invalid(String text) {
            return new TypeConversionException("invalid value '%s', expected a number of at least 1".formatted(text));
        }
    }

    /**
     * Checks the number of credentials.
     *
     * @throws CommandException if there are more
     */
    void require(int selected) {
        if (selected > count) {
            throw new CommandException(
                    ExitStatus.NOT_CONFIRMED,
                    "%d credentials are selected, expected at most %d (--limit); nothing was requested"
                            .formatted(selected, count));
        }
    }

    @Override
    public String toString() {
        return String.valueOf(count);
    }
}
