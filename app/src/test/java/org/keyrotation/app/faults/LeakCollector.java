package org.keyrotation.app.faults;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.keyrotation.app.AppProcess;

/** What instances wrote, as far as it matters: lines with a secret. */
final class LeakCollector {

    private final Leaks leaks;
    private final List<String> places = new CopyOnWriteArrayList<>();

    LeakCollector(Leaks leaks) {
        this.leaks = leaks;
    }

    Leaks leaks() {
        return leaks;
    }

    /** Once an instance has ended. */
    void listen(AppProcess process) {
        if (leaks.in(process.written())) {
            places.add("what instance " + process.pid() + " wrote");
        }
    }

    List<String> places() {
        return places;
    }
}
