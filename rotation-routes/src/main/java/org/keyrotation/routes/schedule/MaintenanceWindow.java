package org.keyrotation.routes.schedule;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A weekly window in which credentials may fall due, such as {@code Mon-Thu 08:00-16:00 Europe/Amsterdam}.
 *
 * <ul>
 *   <li>The text has days (by default all), local times and an IANA time zone.
 *   <li>A closing time that is not after the opening time is on the next day.
 *   <li>Local times that the clocks skip in spring are not in the window.
 *   <li>Where the clocks repeat an hour in autumn, the window still includes no local time outside of its times.
 * </ul>
 */
public final class MaintenanceWindow {

    /** The expected syntax, for messages. */
    static final String EXPECTED =
            "days, times and an IANA time zone, such as Mon-Thu 08:00-16:00 Europe/Amsterdam, Sat,Sun 22:00-04:00 UTC, or"
                    + " 00:00-24:00 UTC";

    private static final Pattern SYNTAX = Pattern.compile("(?:(\\S+) +)?(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d) +(\\S+)");
    private static final String MIDNIGHT = "24:00";

    /** The window that never closes. */
    public static final MaintenanceWindow ALWAYS = parse("00:00-24:00 UTC");

    private final Set<DayOfWeek> days;
    private final LocalTime opens;
    private final LocalTime closes;
    private final ZoneId zone;

    private MaintenanceWindow(Set<DayOfWeek> days, LocalTime opens, LocalTime closes, ZoneId zone) {
        this.days = days;
        this.opens = opens;
        this.closes = closes;
        this.zone = zone;
    }

    /**
     * Parses a window.
     *
     * @throws IllegalArgumentException whose message says what is wrong
     */
    public static MaintenanceWindow parse(String text) {
        Matcher matcher = SYNTAX.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("invalid value '" + text + "'");
        }
        if (matcher.group(2).equals(matcher.group(3))) {
            throw new IllegalArgumentException(
                    "the window never opens, it closes at its opening time " + matcher.group(3));
        }
        Set<DayOfWeek> days = matcher.group(1) == null ? EnumSet.allOf(DayOfWeek.class) : days(matcher.group(1));
        LocalTime closes = matcher.group(3).equals(MIDNIGHT) ? LocalTime.MIDNIGHT : time(matcher.group(3));
        return new MaintenanceWindow(days, time(matcher.group(2)), closes, zone(matcher.group(4)));
    }

    private static Set<DayOfWeek> days(String text) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String range : text.split(",", -1)) {
            String[] ends = range.split("-", -1);
            if (ends.length > 2) {
                throw new IllegalArgumentException("invalid range of days '" + range + "'");
            }
            DayOfWeek last = day(ends[ends.length - 1]);
            DayOfWeek day = day(ends[0]);
            for (; day != last; day = day.plus(1)) {
                days.add(day);
            }
            days.add(last);
        }
        return days;
    }

    private static DayOfWeek day(String text) {
        return Stream.of(DayOfWeek.values())
                .filter(day -> day.name().substring(0, 3).equals(text.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "invalid day '" + text + "', not one of Mon, Tue, Wed, Thu, Fri, Sat, Sun"));
    }

    private static LocalTime time(String text) {
        try {
            return LocalTime.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("invalid time '" + text + "'", e);
        }
    }

    private static ZoneId zone(String text) {
        if (!ZoneId.getAvailableZoneIds().contains(text)) {
            throw new IllegalArgumentException("unknown time zone '" + text + "'");
        }
        return ZoneId.of(text);
    }

    /** Returns the time from opening to closing, on a day without a clock change. */
    public Duration length() {
        LocalDate day = LocalDate.EPOCH;
        return Duration.between(opens.atDate(day), closing(day));
    }

    boolean isOpen(Instant at) {
        return openings(at)
                .findFirst()
                .filter(opening -> !opening.from.isAfter(at))
                .isPresent();
    }

    /** Returns this time if the window is open then, otherwise its next opening. */
    Instant nextOpening(Instant at) {
        return plus(at, Duration.ZERO);
    }

    /** Returns the open time between the two; zero if {@code to} is not after {@code from}. */
    Duration openBetween(Instant from, Instant to) {
        Duration open = Duration.ZERO;
        for (Opening opening : iterable(openings(from))) {
            Instant start = latest(opening.from, from);
            if (!start.isBefore(to)) {
                break;
            }
            open = open.plus(Duration.between(start, earliest(opening.to, to)));
        }
        return open;
    }

    /** Returns the first open moment at which the window has been open for this long since {@code from}. */
    Instant plus(Instant from, Duration open) {
        Duration left = open;
        for (Opening opening : iterable(openings(from))) {
            Instant start = latest(opening.from, from);
            Duration length = Duration.between(start, opening.to);
            if (left.compareTo(length) < 0) {
                return start.plus(left);
            }
            left = left.minus(length);
        }
        throw new IllegalStateException("unreachable: the openings of a window have no end");
    }

    /** The infinite, ordered stream of openings that end after this moment. */
    private Stream<Opening> openings(Instant at) {
        return Stream.iterate(LocalDate.ofInstant(at, zone).minusDays(1), day -> day.plusDays(1))
                .filter(day -> days.contains(day.getDayOfWeek()))
                .map(this::opening)
                .flatMap(Optional::stream)
                .filter(opening -> opening.to.isAfter(at));
    }

    private Optional<Opening> opening(LocalDate day) {
        ZonedDateTime from = ZonedDateTime.of(day, opens, zone);
        ZonedDateTime to = ZonedDateTime.of(closing(day), zone);
        Instant start = orEndOfGap(day.atTime(opens), from.withLaterOffsetAtOverlap());
        Instant end = orEndOfGap(closing(day), to.withEarlierOffsetAtOverlap());
        if (end.isBefore(start)) {
            start = from.toInstant(); // opening and closing are in the repeated hour: take its first pass
        }
        return start.isBefore(end) ? Optional.of(new Opening(start, end)) : Optional.empty();
    }

    /** A local time that the clocks skip becomes the end of the gap. */
    private Instant orEndOfGap(LocalDateTime local, ZonedDateTime otherwise) {
        ZoneOffsetTransition transition = zone.getRules().getTransition(local);
        return transition != null && transition.isGap() ? transition.getInstant() : otherwise.toInstant();
    }

    private LocalDateTime closing(LocalDate day) {
        return closes.isAfter(opens) ? day.atTime(closes) : day.plusDays(1).atTime(closes);
    }

    private static Iterable<Opening> iterable(Stream<Opening> openings) {
        Iterator<Opening> iterator = openings.iterator();
        return () -> iterator;
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant earliest(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private record Opening(Instant from, Instant to) {}
}
