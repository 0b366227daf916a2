package org.keyrotation.app.page;

/** A view of the page, whose template has its name. */
interface View {

    /** Returns the name of its template. */
    String template();

    /** Returns the status of the response. */
    default int status() {
        return 200;
    }
}
