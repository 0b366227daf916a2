package org.keyrotation.routes.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.keyrotation.routes.kafka.InFlightRecord;
import org.keyrotation.routes.kafka.StartPolicy;
import org.keyrotation.routes.rotate.AdmissionControl;
import org.keyrotation.routes.rotate.Rotation;

/** Start policy by company: no company holds more slots than another, and a throttled one waits for its permits. */
final class CompanyStartPolicy implements StartPolicy {

    private static final int MAX_ID_LENGTH = 100;

    private final AdmissionControl admission;
    private final RequestParser parser;

    CompanyStartPolicy(AdmissionControl admission, RequestParser parser) {
        this.admission = admission;
        this.parser = parser;
    }

    /** Returns the company in the record's key, which is that of its credential in its home partition; empty without a key. */
    @Override
    public String flowOf(ConsumerRecord<byte[], byte[]> consumerRecord) {
        byte[] key = consumerRecord.key();
        String text = key == null ? "" : new String(key, 0, Math.min(key.length, MAX_ID_LENGTH + 1), ISO_8859_1);
        return text.substring(0, Math.max(0, text.indexOf('/')));
    }

    @Override
    public Duration tryAcquireStart(String companyId) {
        return admission.tryAcquireStart(companyId);
    }

    /** A record that cannot be evaluated needs no permit: its route meets the same error and handles it. */
    @Override
    public boolean needsPermit(InFlightRecord inFlight) {
        try {
            return parser.parse(inFlight) instanceof Rotation rotation && admission.needsApiCall(rotation);
        } catch (RuntimeException e) {
            return false;
        }
    }
}
