package org.keyrotation.routes.config;

import java.util.List;

/** Thrown at the start if settings are invalid. It lists every problem. */
public final class InvalidSettingsException extends IllegalArgumentException {

    private final transient List<String> problems;

    InvalidSettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** Returns one line for each problem: the property, what is wrong, and what is expected. Never the value of a secret. */
    public List<String> problems() {
        return problems;
    }
}
