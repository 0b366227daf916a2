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
 * When keys may fall due, {@code Mon-Thu 08:00-16:00 Europe/Amsterdam} say: days (all where left out), local times, an IANA
 * time zone. Where it closes no later than it opens, it closes on the next day. What clocks skip in spring is not in it;
 * of an hour that they repeat in autumn, no moment is in it whose local time is not.
 */
public final class MaintenanceWindow {

    /** What a problem with one says is allowed. */
    public static final String ALLOWED =
            "days, times and an IANA time zone, such as Mon-Thu 08:00-16:00 Europe/Amsterdam, Sat,Sun 22:00-04:00 UTC, or"
                    + " 00:00-24:00 UTC";

    private static final Pattern SYNTAX = Pattern.compile("(?:(\\S+) +)?(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d) +(\\S+)");
    private static final String MIDNIGHT = "24:00";

    /** It never closes. */
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
     * Reads one.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public static MaintenanceWindow parse(String text) {
        Matcher matcher = SYNTAX.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("it is '" + text + "'");
        }
        if (matcher.group(2).equals(matcher.group(3))) {
            throw new IllegalArgumentException(
                    "it can never open: it closes at " + matcher.group(3) + ", when it opens");
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
                throw new IllegalArgumentException("'" + range + "' is no range of days");
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
                        "'" + text + "' is no day; they are Mon, Tue, Wed, Thu, Fri, Sat and Sun"));
    }

    private static LocalTime time(String text) {
        try {
            return LocalTime.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is no time of day", e);
        }
    }

    private static ZoneId zone(String text) {
        if (!ZoneId.getAvailableZoneIds().contains(text)) {
            throw new IllegalArgumentException("'" + text + "' is no IANA time zone");
        }
        return ZoneId.of(text);
    }

    /** From its opening to its closing, on a day without a change of the clocks. */
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

    /** The time itself, where it is open then. */
    Instant nextOpening(Instant at) {
        return plus(at, Duration.ZERO);
    }

    /** For how long it is open in the meantime; zero where there is none. */
    Duration openBetween(Instant from, Instant to) {
        Duration open = Duration.ZERO;
        for (Opening opening : iterable(openings(from))) {
            if (!opening.from.isBefore(to)) {
                break;
            }
            open = open.plus(Duration.between(latest(opening.from, from), earliest(opening.to, to)));
        }
        return open;
    }

    /** The moment, at or after this one, by which it will have been open for so long, and is open. */
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
        throw new IllegalStateException("a window without an end of its openings");
    }

    /** Those that end after this moment, in their order, without end. */
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
            start = from.toInstant(); // both in the hour that comes twice: the first of the two
        }
        return start.isBefore(end) ? Optional.of(new Opening(start, end)) : Optional.empty();
    }

    /** Clocks that skip a time stand at the end of what they skip. */
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
