package org.keyrotation.routes.config;

import java.util.List;

/** The settings cannot be used. */
public final class InvalidSettingsException extends IllegalArgumentException {

    private final transient List<String> problems;

    public InvalidSettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** One line each: the property, what is wrong, and what is allowed. Never the value of a secret. */
    public List<String> problems() {
        return problems;
    }
}
