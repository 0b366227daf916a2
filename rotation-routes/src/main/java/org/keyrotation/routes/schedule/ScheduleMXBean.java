package org.keyrotation.routes.schedule;

/** The pause switch of one instance in JMX: {@code org.keyrotation:type=Schedule,context="…"}. */
public interface ScheduleMXBean {

    /** Whether this instance's schedule makes no requests. Requests from other sources are not paused. */
    boolean isPaused();

    /** Pauses or resumes until the next start of this instance, which takes {@code rotation.schedule.paused} again. */
    void setPaused(boolean paused);
}
