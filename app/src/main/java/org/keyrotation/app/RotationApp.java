package org.keyrotation.app;

import org.keyrotation.app.command.KeyRotation;

/** The main class of the app. */
public final class RotationApp {

    private RotationApp() {}

    /** Runs the command that the arguments name, by default the service, and exits the JVM with its status. */
    public static void main(String[] args) {
        System.exit(KeyRotation.execute(args));
    }
}
