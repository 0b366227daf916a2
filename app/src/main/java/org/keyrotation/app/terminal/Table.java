package org.keyrotation.app.terminal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/** A table for people. Its columns are as wide as their longest cell. */
public final class Table {

    /** The width of a table whose last column may be cut, as another output has it whole. */
    public static final int WIDTH = 80;

    /** Names and reasons come from strangers: they must not control the terminal. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    /** The last cell of a row keeps at least this many characters. */
    private static final int MIN_CUT_LENGTH = 20;

    private static final String GAP = "  ";
    private static final String CUT = "..."; // in ASCII, as a terminal may be

    private final List<List<Cell>> rows = new ArrayList<>();
    private int maxWidth = Integer.MAX_VALUE;

    /** A text in colour. The text alone must say the same. */
    public record Coloured(Object text, List<IStyle> styles) {

        /** A text that needs a person. */
        public static Coloured alarm(Object text) {
            return new Coloured(text, List.of(Style.bold, Style.fg_red));
        }
    }

    private record Cell(String text, List<IStyle> styles) {

        static Cell of(@Nullable Object content) {
            return content instanceof Coloured coloured
                    ? new Cell(Table.text(coloured.text), coloured.styles)
                    : new Cell(Table.text(content), List.of());
        }

        int width() {
            return text.codePointCount(0, text.length());
        }

        Cell cut(int width) {
            return width() <= width
                    ? this
                    : new Cell(text.substring(0, text.offsetByCodePoints(0, width - CUT.length())) + CUT, styles);
        }

        /** Styles by their codes: picocli's markup in a stranger's text stays text. */
        String render(Ansi ansi) {
            IStyle[] all = styles.toArray(IStyle[]::new);
            return all.length == 0 || !ansi.enabled() ? text : Style.on(all) + text + Style.reset.on();
        }
    }

    public Table(String... header) {
        add((Object[]) header);
    }

    /** Cuts the last column, so that a line fits into this width. */
    public Table fit(int width) {
        maxWidth = width;
        return this;
    }

    /** Adds a row of texts and {@link Coloured} texts. A null cell is shown as a dash. */
    public void add(@Nullable Object... cells) {
        rows.add(Stream.of(cells).map(Cell::of).toList());
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

    /** Returns the table without colours. */
    @Override
    public String toString() {
        return render(Ansi.OFF);
    }

    /** Returns the table, with colours if they are enabled. */
    public String render(Ansi ansi) {
        int last = rows.get(0).size() - 1;
        int[] widths = IntStream.range(0, last)
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).width())
                        .max()
                        .orElse(0))
                .toArray();
        int rest = Math.max(MIN_CUT_LENGTH, maxWidth - IntStream.of(widths).sum() - last * GAP.length());
        return rows.stream()
                .map(row -> (padded(row, widths, ansi) + row.get(last).cut(rest).render(ansi)).stripTrailing() + "\n")
                .collect(Collectors.joining());
    }

    private static String padded(List<Cell> row, int[] widths, Ansi ansi) {
        return IntStream.range(0, widths.length)
                .mapToObj(column -> row.get(column).render(ansi)
                        + " ".repeat(widths[column] - row.get(column).width())
                        + GAP)
                .collect(Collectors.joining());
    }
}
