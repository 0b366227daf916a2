package org.keyrotation.routes.api;

import org.apache.camel.Exchange;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.keyrotation.model.Json;

/** The JSON data format of API responses. It drops the parser's exceptions, which may quote a client key. */
final class ResponseFormat extends JacksonDataFormat {

    ResponseFormat(Class<?> type) {
        super(Json.mapper(), type);
    }

    @Override
    @SuppressWarnings("UnusedException") // its message may quote the response
    public Object unmarshal(Exchange exchange, Object body) {
        try {
            return super.unmarshal(exchange, body);
        } catch (Exception e) {
            throw ApiCallException.unreadableBody();
        }
    }
}
