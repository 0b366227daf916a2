package org.keyrotation.app.command;

import java.util.ArrayList;
import java.util.List;
import org.keyrotation.app.terminal.Table;
import org.keyrotation.model.CheckReport;
import org.keyrotation.model.CheckReport.Check;
import org.keyrotation.model.CheckReport.Result;

/** The results of the checks so far. */
final class Checks {

    private final List<Check> all = new ArrayList<>();

    void ok(String name, String detail) {
        all.add(new Check(name, Result.OK, detail));
    }

    void warning(String name, String detail) {
        all.add(new Check(name, Result.WARNING, detail));
    }

    void failed(String name, String detail) {
        all.add(new Check(name, Result.FAILED, detail));
    }

    /** An earlier failure prevents this check. */
    void skipped(String name, String reason) {
        all.add(new Check(name, Result.SKIPPED, "not checked: " + reason));
    }

    boolean haveFailed() {
        return all.stream().anyMatch(check -> check.result() == Result.FAILED);
    }

    CheckReport report() {
        return new CheckReport(all, null);
    }

    String table() {
        Table table = new Table("CHECK", "RESULT", "DETAIL");
        all.forEach(check -> table.add(check.name(), Table.label(check.result()), check.detail()));
        return table.toString();
    }
}
