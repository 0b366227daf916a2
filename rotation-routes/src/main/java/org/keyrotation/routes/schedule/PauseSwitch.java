package org.keyrotation.routes.schedule;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerControl;
import org.keyrotation.routes.ledger.LedgerControl.Pause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pause of the schedule: of this instance, which an operator sets over JMX, or of the whole fleet, which the control record
 * of the ledger holds.
 */
final class PauseSwitch extends ServiceSupport implements ScheduleMXBean {

    private static final Logger LOG = LoggerFactory.getLogger(PauseSwitch.class);

    private final ObjectName name;
    private final Prefix prefix;
    private final Ledger ledger;
    private final Clock clock;
    private volatile boolean paused;
    private boolean registered;

    /** @param paused whether this instance starts paused */
    PauseSwitch(Prefix prefix, String contextName, boolean paused, Ledger ledger, Clock clock) throws JMException {
        this.name = new ObjectName("org.keyrotation:type=" + prefix.publicEndpoint("Schedule") + ",context="
                + ObjectName.quote(contextName));
        this.prefix = prefix;
        this.ledger = ledger;
        this.clock = clock;
        this.paused = paused;
    }

    void register(MeterRegistry meters) {
        Gauge.builder("rotation.schedule.paused", this, PauseSwitch::figure)
                .description(
                        "1 while the schedule is paused: of this instance, or of the fleet; NaN until the ledger is read")
                .register(meters);
    }

    private double figure() {
        return ledger.isRead() ? reason(clock.instant()) == null ? 0 : 1 : Double.NaN;
    }

    /** Returns why the schedule makes no requests at this time, or null. The ledger must have been read to its end. */
    @Nullable
    String reason(Instant now) {
        LedgerControl control = ledger.control();
        Pause ofFleet = control == null ? null : control.activePause(now);
        if (ofFleet != null) {
            return "the schedule is paused%s%s, resume it with key-rotation resume"
                    .formatted(
                            ofFleet.by() == null ? "" : " by " + ofFleet.by(),
                            ofFleet.until() == null
                                    ? ""
                                    : " until " + ofFleet.until().truncatedTo(ChronoUnit.SECONDS));
        }
        return paused
                ? prefix.rewrite("the schedule of this instance is paused (rotation.schedule.paused, or by JMX)")
                : null;
    }

    @Override
    public boolean isPaused() {
        return paused;
    }

    @Override
    public void setPaused(boolean paused) {
        this.paused = paused;
        LOG.info("The schedule of this instance is {}", paused ? "paused" : "resumed");
    }

    @Override
    protected void doStart() throws JMException {
        try {
            ManagementFactory.getPlatformMBeanServer().registerMBean(this, name);
            registered = true;
        } catch (InstanceAlreadyExistsException e) {
            LOG.warn("JMX already has an MBean {}: this schedule cannot be paused over JMX", name);
        }
    }

    @Override
    protected void doStop() throws JMException {
        if (registered) {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
            registered = false;
        }
    }
}
