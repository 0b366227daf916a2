package org.keyrotation.routes.adoption;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.config.GlobPattern;

/** The consumers that are expected to adopt the keys of a credential: those of all rules that select it. */
public final class ExpectedConsumers {

    /** No consumer is expected: adoption is not followed. */
    static final ExpectedConsumers NONE = new ExpectedConsumers(List.of());

    private final List<Rule> rules;

    /**
     * A rule for some credentials.
     *
     * @param credentials selects the credentials
     * @param names the names of the consumers that are expected to adopt their keys
     */
    record Rule(GlobPattern credentials, List<String> names) {}

    ExpectedConsumers(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** Returns the names of all consumers, in alphabetical order. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        rules.forEach(rule -> names.addAll(rule.names));
        return names;
    }

    /** Returns the names of the consumers that are expected to adopt the keys of this credential, in alphabetical order. */
    public Set<String> of(CredentialId credential) {
        Set<String> names = new TreeSet<>();
        rules.stream()
                .filter(rule -> rule.credentials.matches(credential.toString()))
                .forEach(rule -> names.addAll(rule.names));
        return names;
    }
}
