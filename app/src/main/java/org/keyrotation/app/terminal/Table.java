package org.keyrotation.app.terminal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/** A table for people. Its columns are as wide as their longest cell. */
public final class Table {

    /** Names and reasons come from strangers: they must not control the terminal. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private final List<String[]> rows = new ArrayList<>();

    public Table(String... header) {
        rows.add(header);
    }

    /** Adds a row. A null cell is shown as a dash. */
    public void add(@Nullable Object... cells) {
        rows.add(Stream.of(cells).map(Table::text).toArray(String[]::new));
    }

    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /** Returns the text without its unprintable characters, and a dash for null. An instant is shown to the second. */
    public static String text(@Nullable Object cell) {
        if (cell == null) {
            return "-";
        }
        String text = cell instanceof Instant instant
                ? instant.truncatedTo(ChronoUnit.SECONDS).toString()
                : cell.toString();
        return UNPRINTABLE.matcher(text).replaceAll("?");
    }

    /** Returns the name as words in lower case. */
    public static String label(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    @Override
    public String toString() {
        Column[] columns = IntStream.range(0, rows.get(0).length)
                .map(column -> rows.stream()
                        .mapToInt(row -> row[column].length())
                        .max()
                        .orElse(0))
                .mapToObj(width -> new Column(width + 2, 0, Column.Overflow.SPAN))
                .toArray(Column[]::new);
        TextTable table = TextTable.forColumns(Help.defaultColorScheme(Ansi.OFF), columns);
        rows.forEach(table::addRowValues);
        return table.toString();
    }
}
