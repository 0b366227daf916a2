package org.keyrotation.routes.config;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;

/** A glob pattern of credentials: of {@code companyId/apiCredentialId}, or of apiCredentialId alone. */
public final class GlobPattern {

    private final PathMatcher matcher;

    /** @throws IllegalArgumentException for an invalid pattern */
    public GlobPattern(String pattern) {
        if (pattern.isEmpty() || pattern.endsWith("/") || InvisibleCharacters.isAnyIn(pattern)) {
            throw new IllegalArgumentException("empty, without an id, or with an invisible character");
        }
        String whole = pattern.contains("/") ? pattern : "*/" + pattern;
        this.matcher = FileSystems.getDefault().getPathMatcher("glob:" + whole);
    }

    /**
     * Whether the pattern selects a credential.
     *
     * @param credential its {@code companyId/apiCredentialId}
     */
    public boolean matches(String credential) {
        return matcher.matches(Path.of(credential));
    }
}
