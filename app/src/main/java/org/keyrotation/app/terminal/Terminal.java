package org.keyrotation.app.terminal;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** The terminal of the process. */
public final class Terminal {

    private Terminal() {}

    /**
     * Whether a person is at the terminal: standard input and output are both connected to it. Since JDK 22, System.console() may
     * be non-null without a terminal. The property restores the old implementation, which returns null.
     */
    @SuppressWarnings("SystemConsoleNull") // the property makes the null check reliable
    public static boolean isPresent() {
        System.setProperty("jdk.console", "java.base");
        return System.console() != null;
    }

    /** Whether output has colours: on a terminal, unless the environment says otherwise, as {@code NO_COLOR} does. */
    public static Ansi colours() {
        return isPresent() ? colours(System.getenv("TERM")) : Ansi.OFF;
    }

    static Ansi colours(@Nullable String term) {
        return term == null || term.isEmpty() || term.equals("dumb") ? Ansi.OFF : Ansi.AUTO;
    }
}
