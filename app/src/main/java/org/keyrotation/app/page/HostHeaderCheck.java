package org.keyrotation.app.page;

import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * A check against DNS rebinding: a page on this machine alone is asked for by a name of this machine. Otherwise, a site in the
 * operator's browser could read it by a name of its own.
 */
final class HostHeaderCheck implements Processor {

    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");

    private final boolean isOnLoopback;

    HostHeaderCheck(PageSettings settings) {
        this.isOnLoopback = settings.host().equals("::1")
                || LOOPBACK.matcher(settings.host()).matches();
    }

    /**
     * Lets a request without the header pass: no browser sends one, and HTTP/2 has another header.
     *
     * @throws PageProblemException if the Host header is not of this machine
     */
    @Override
    public void process(Exchange exchange) {
        String host = exchange.getMessage().getHeader("Host", String.class);
        if (isOnLoopback && host != null && !LOOPBACK.matcher(host).matches()) {
            throw PageProblemException.misdirected();
        }
    }
}
