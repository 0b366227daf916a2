package org.keyrotation.app.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialStatus.State;
import org.keyrotation.model.FailureCode;

/**
 * The parameters of a view. Unknown ones are ignored.
 *
 * @param query a part of the credential's name; empty for all
 * @param state only this state, or null
 * @param company only this companyId; empty for all
 * @param code only failures with this code, or null
 * @param page the number of the page, from 1
 * @param refreshes whether the browser reads the view again every five seconds
 */
record PageParameters(
        String query, @Nullable State state, String company, @Nullable FailureCode code, int page, boolean refreshes) {

    private static final int MAX_LENGTH = 200;

    /** @throws PageProblemException if a parameter is invalid */
    static PageParameters of(Message request) {
        return new PageParameters(
                text(request, "q"),
                constant(request, "state", State.values()),
                text(request, "company"),
                constant(request, "code", FailureCode.values()),
                page(text(request, "page")),
                !text(request, "refresh").equals("off"));
    }

    private static String text(Message request, String name) {
        Object value = request.getHeader(name);
        String text = value == null ? "" : value.toString().strip();
        if (text.length() > MAX_LENGTH || value instanceof List) {
            throw PageProblemException.invalidParameter(name, "at most one, of " + MAX_LENGTH + " characters");
        }
        return text;
    }

    private static <T extends Enum<T>> @Nullable T constant(Message request, String name, T[] values) {
        String text = text(request, name);
        return text.isEmpty()
                ? null
                : Arrays.stream(values)
                        .filter(value -> value.name().equals(text))
                        .findFirst()
                        .orElseThrow(
                                () -> PageProblemException.invalidParameter(name, "one of " + Arrays.toString(values)));
    }

    private static int page(String text) {
        if (text.isEmpty()) {
            return 1;
        }
        if (!text.matches("[1-9]\\d{0,5}")) {
            throw PageProblemException.invalidParameter("page", "a whole number from 1 to 999999");
        }
        return Integer.parseInt(text);
    }

    PageParameters withState(@Nullable State other) {
        return new PageParameters(query, other, company, code, 1, refreshes);
    }

    PageParameters withCode(@Nullable FailureCode other) {
        return new PageParameters(query, state, company, other, 1, refreshes);
    }

    PageParameters withPage(int other) {
        return new PageParameters(query, state, company, code, other, refreshes);
    }

    PageParameters withRefresh(boolean other) {
        return new PageParameters(query, state, company, code, page, other);
    }

    /** The parameters of a link to another view. */
    PageParameters ofOtherView() {
        return new PageParameters("", null, "", null, 1, refreshes);
    }

    /** Whether the list has only a part of the fleet. */
    boolean isFiltered() {
        return !query.isEmpty() || !company.isEmpty() || state != null;
    }

    boolean matches(String companyId, String name) {
        return (company.isEmpty() || company.equals(companyId))
                && name.toLowerCase(Locale.ROOT).contains(query.toLowerCase(Locale.ROOT));
    }

    /** Returns the URL of this path with these parameters. */
    String href(String path) {
        List<String> parameters = new ArrayList<>();
        add(parameters, "q", query);
        add(parameters, "state", state == null ? "" : state.name());
        add(parameters, "company", company);
        add(parameters, "code", code == null ? "" : code.name());
        add(parameters, "page", page == 1 ? "" : Integer.toString(page));
        add(parameters, "refresh", refreshes ? "" : "off");
        return parameters.isEmpty() ? path : path + "?" + String.join("&", parameters);
    }

    private static void add(List<String> parameters, String name, String value) {
        if (!value.isEmpty()) {
            parameters.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
