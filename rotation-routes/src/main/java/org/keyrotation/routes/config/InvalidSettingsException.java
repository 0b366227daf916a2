package org.keyrotation.routes.config;

import java.util.List;

/** Thrown at the start if settings are invalid. It lists every problem. */
public final class InvalidSettingsException extends IllegalArgumentException {

    private final transient List<String> problems;

    private InvalidSettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /**
     * Throws an exception with these problems, if there are any.
     *
     * @throws InvalidSettingsException if there is any problem
     */
    public static void throwIfAny(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
    }

    /** Returns one line for each problem: the property, what is wrong, and what is expected. Never the value of a secret. */
    public List<String> problems() {
        return problems;
    }
}
