package org.keyrotation.app.page;

/** The view of a request that has no other one. */
record ProblemView(Frame frame, int status, String detail) implements View {

    @Override
    public String template() {
        return "problem.jte";
    }
}
