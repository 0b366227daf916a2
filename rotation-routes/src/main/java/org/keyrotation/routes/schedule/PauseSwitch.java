package org.keyrotation.routes.schedule;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.camel.support.service.ServiceSupport;
import org.keyrotation.routes.camel.Prefix;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The switch that pauses the schedule of this instance. An operator sets it over JMX. */
final class PauseSwitch extends ServiceSupport implements ScheduleMXBean {

    private static final Logger LOG = LoggerFactory.getLogger(PauseSwitch.class);

    private final ObjectName name;
    private volatile boolean paused;
    private boolean registered;

    PauseSwitch(Prefix prefix, String contextName, boolean paused) throws JMException {
        this.name = new ObjectName("org.keyrotation:type=" + prefix.publicEndpoint("Schedule") + ",context="
                + ObjectName.quote(contextName));
        this.paused = paused;
    }

    void register(MeterRegistry meters) {
        Gauge.builder("rotation.schedule.paused", this, pause -> pause.isPaused() ? 1 : 0)
                .description("1 while the schedule of this instance is paused")
                .register(meters);
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
