package org.keyrotation.sandbox;

import org.jspecify.annotations.Nullable;

/** Ends the work on a request with this answer. */
final class Refusal extends RuntimeException {

    private final transient Answer answer;

    Refusal(Answer answer) {
        this(answer, null);
    }

    Refusal(Answer answer, @Nullable Throwable cause) {
        super("answered " + answer.status(), cause);
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }
}
