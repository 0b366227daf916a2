package org.keyrotation.sandbox;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The operation and the credential that a path and method denote. Ids that the path lacks are empty. */
record Route(Operation operation, CredentialId credential) {

    enum Operation {
        GENERATE_CLIENT_KEY("POST", "/v3/companies/([^/]+)/apiCredentials/([^/]+)/generateClientKey"),
        GET_CREDENTIAL("GET", "/v3/companies/([^/]+)/apiCredentials/([^/]+)"),
        LIST_CREDENTIALS("GET", "/v3/companies/([^/]+)/apiCredentials()"),
        ME("GET", "/v3/me()()");

        private final String method;
        private final Pattern path;

        Operation(String method, String path) {
            this.method = method;
            this.path = Pattern.compile(path);
        }
    }

    /** @throws ErrorResponseException 400, 404 or 405 */
    static Route of(ReceivedRequest request) {
        Operation operation = Stream.of(Operation.values())
                .filter(candidate -> candidate.path.matcher(request.path()).matches())
                .findFirst()
                .orElseThrow(() -> new ErrorResponseException(Problems.of(404, "No such path")));
        if (!operation.method.equals(request.method())) {
            throw new ErrorResponseException(
                    Problems.of(405, "Use " + operation.method).withHeader("Allow", operation.method));
        }
        return new Route(operation, credential(operation.path.matcher(request.path())));
    }

    private static CredentialId credential(Matcher path) {
        try {
            path.matches();
            return new CredentialId(PathSegments.decode(path.group(1)), PathSegments.decode(path.group(2)));
        } catch (IllegalArgumentException e) {
            throw new ErrorResponseException(Problems.of(400, "The path is not percent-encoded"), e);
        }
    }
}
