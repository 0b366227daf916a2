package org.keyrotation.app;

/**
 * Announces the build of the sandbox. Maven runs this source file before it compiles anything, so it uses the JDK
 * alone.
 */
final class BuildNotice {

    private BuildNotice() {}

    /** Takes no arguments. */
    public static void main(String[] args) {
        System.out.println(
                "Building the sandbox: 20 to 60 seconds, and 150 MB of libraries to download the first time ...");
    }
}
