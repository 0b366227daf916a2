package org.keyrotation.routes.api;

import org.apache.camel.Exchange;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.keyrotation.model.Json;

/** JSON by camel-jackson. What it cannot read may hold a client key, so the parser's own words go no further. */
final class ResponseFormat extends JacksonDataFormat {

    ResponseFormat(Class<?> type) {
        super(Json.mapper(), type);
    }

    @Override
    @SuppressWarnings("UnusedException") // its message may quote what it read
    public Object unmarshal(Exchange exchange, Object body) {
        try {
            return super.unmarshal(exchange, body);
        } catch (Exception e) {
            throw new UnreadableResponseException();
        }
    }
}
