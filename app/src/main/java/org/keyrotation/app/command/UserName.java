package org.keyrotation.app.command;

/** The name of the user of this process, for the records that say who wanted something. */
final class UserName {

    private UserName() {}

    /** In a container, the user is often a number without a name: Java then says {@code ?}. */
    static String current() {
        String name = System.getProperty("user.name", "?");
        return name.equals("?") ? "unknown" : name;
    }
}
