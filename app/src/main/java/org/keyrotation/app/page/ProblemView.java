package org.keyrotation.app.page;

/** What is shown instead of a view. */
record ProblemView(Frame frame, int status, String detail) implements View {

    @Override
    public String template() {
        return "problem.jte";
    }
}
