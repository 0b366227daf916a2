package org.keyrotation.app.page;

/** A request of the page that has no view. The message is shown. */
final class PageProblemException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;

    private PageProblemException(int status, String message) {
        super(message);
        this.status = status;
    }

    static PageProblemException invalidParameter(String name, String expected) {
        return new PageProblemException(400, "Invalid parameter '%s', expected %s.".formatted(name, expected));
    }

    static PageProblemException notFound(String message) {
        return new PageProblemException(404, message);
    }

    static PageProblemException methodNotAllowed() {
        return new PageProblemException(405, "The page can only be read, expected GET or HEAD.");
    }

    static PageProblemException unavailable(String reason) {
        return new PageProblemException(503, reason);
    }

    static PageProblemException misdirected() {
        return new PageProblemException(
                421, "The page is asked for by a name that is not of this machine, expected localhost or 127.0.0.1.");
    }

    /** Whether the same request may have a view later. */
    boolean isTemporary() {
        return status == 503;
    }

    int status() {
        return status;
    }
}
