package org.keyrotation.app.faults;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.keyrotation.app.AppProcess;

/** Collects the instances whose output contains a secret. */
final class LeakCollector {

    private final SecretScanner scanner;
    private final List<String> places = new CopyOnWriteArrayList<>();

    LeakCollector(SecretScanner scanner) {
        this.scanner = scanner;
    }

    SecretScanner scanner() {
        return scanner;
    }

    /** Scans the output of an instance that has ended. */
    void collect(AppProcess process) {
        if (scanner.containsSecret(process.output())) {
            places.add("output of instance " + process.pid());
        }
    }

    List<String> places() {
        return places;
    }
}
