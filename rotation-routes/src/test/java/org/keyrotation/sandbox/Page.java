package org.keyrotation.sandbox;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** One page of a list. */
record Page(int number, int size) {

    private static final int MAX_SIZE = 100;

    /** @throws ErrorResponseException 422 */
    static Page of(String uri) {
        QueryStringDecoder query = new QueryStringDecoder(uri);
        return new Page(number(query, "pageNumber", 1, Integer.MAX_VALUE), number(query, "pageSize", 10, MAX_SIZE));
    }

    <T> List<T> slice(List<T> all) {
        return all.stream().skip((number - 1L) * size).limit(size).toList();
    }

    int pages(int items) {
        return (items + size - 1) / size;
    }

    JsonObject links(String url, int items) {
        int last = Math.max(1, pages(items));
        JsonObject links = new JsonObject()
                .put("self", link(url, number))
                .put("first", link(url, 1))
                .put("last", link(url, last));
        if (number < last) {
            links.put("next", link(url, number + 1));
        }
        if (number > 1) {
            links.put("prev", link(url, number - 1));
        }
        return links;
    }

    private JsonObject link(String url, int page) {
        return CredentialView.href(url + "?pageNumber=" + page + "&pageSize=" + size);
    }

    private static int number(QueryStringDecoder query, String name, int defaultValue, int max) {
        String text = query.parameters()
                .getOrDefault(name, List.of(Integer.toString(defaultValue)))
                .get(0);
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new ErrorResponseException(Problems.invalid(name, text, "must be a number"), e);
        }
        throw new ErrorResponseException(Problems.invalid(name, text, "must be from 1 to " + max));
    }
}
