package org.keyrotation.routes.schedule;

/** The pause switch of one instance in JMX: {@code org.keyrotation:type=Schedule,context="…"}. */
public interface ScheduleMXBean {

    /** Whether this switch pauses the schedule of this instance. A pause of the whole fleet is not shown here. */
    boolean isPaused();

    /** Pauses or resumes until the next start of this instance, which takes {@code rotation.schedule.paused} again. */
    void setPaused(boolean paused);
}
