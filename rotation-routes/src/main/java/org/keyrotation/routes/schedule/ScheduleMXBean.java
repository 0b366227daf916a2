package org.keyrotation.routes.schedule;

/** For an operator, over JMX: {@code org.keyrotation:type=Schedule,context="…"}. */
public interface ScheduleMXBean {

    /** Whether the schedule of this instance asks for nothing. Requests that others make are not paused. */
    boolean isPaused();

    /** Until this instance is started again, which goes by {@code rotation.schedule.paused}. */
    void setPaused(boolean paused);
}
