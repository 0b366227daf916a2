package org.keyrotation.routes.adoption;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.config.GlobPattern;

/** The consumers that are expected to adopt the keys of a credential: those of all rules that select it. */
public final class ExpectedConsumers {

    /** No consumer is expected: adoption is not followed. */
    static final ExpectedConsumers NONE = new ExpectedConsumers(List.of());

    private final List<Rule> rules;

    /** A cache: each check asks for each credential of the ledger. */
    private final Map<CredentialId, List<String>> byCredential = new ConcurrentHashMap<>();

    private final Map<List<String>, List<String>> lists = new ConcurrentHashMap<>();

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
    public List<String> of(CredentialId credential) {
        return byCredential.computeIfAbsent(credential, this::find);
    }

    /** Credentials of the same rules share a list. */
    private List<String> find(CredentialId credential) {
        Set<String> names = new TreeSet<>();
        rules.stream()
                .filter(rule -> rule.credentials.matches(credential.toString()))
                .forEach(rule -> names.addAll(rule.names));
        List<String> all = List.copyOf(names);
        return lists.computeIfAbsent(all, same -> all);
    }
}
