package org.keyrotation.app.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a list that a view shows.
 *
 * @param first the number of the first row, from 1
 * @param last the number of the last row
 * @param total the number of rows
 * @param previous the URL of the previous part, or null
 * @param next the URL of the next part, or null
 */
record Paging(int first, int last, int total, @Nullable String previous, @Nullable String next) {

    static final int SIZE = 50;

    /** A page behind the last one is the last one: the list may have become shorter. */
    static Paging of(List<?> all, PageParameters parameters, String path) {
        int pages = Math.max(1, (all.size() + SIZE - 1) / SIZE);
        int page = Math.min(parameters.page(), pages);
        int first = (page - 1) * SIZE;
        return new Paging(
                all.isEmpty() ? 0 : first + 1,
                Math.min(all.size(), first + SIZE),
                all.size(),
                page == 1 ? null : parameters.withPage(page - 1).href(path),
                page == pages ? null : parameters.withPage(page + 1).href(path));
    }

    <T> List<T> rows(List<T> all) {
        return total == 0 ? List.of() : all.subList(first - 1, last);
    }
}
