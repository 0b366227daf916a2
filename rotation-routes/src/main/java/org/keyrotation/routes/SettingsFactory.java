package org.keyrotation.routes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.keyrotation.routes.api.ApiProperties;
import org.keyrotation.routes.api.ApiSettings;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.config.ApplicationCallbacks;
import org.keyrotation.routes.config.CamelProperties;
import org.keyrotation.routes.config.InvalidSettingsException;
import org.keyrotation.routes.config.SettingsReader;
import org.keyrotation.routes.intake.IntakeSettings;
import org.keyrotation.routes.kafka.KafkaConfigValidator;
import org.keyrotation.routes.ledger.LedgerSettings;
import org.keyrotation.routes.publish.PublishSettings;
import org.keyrotation.routes.publish.PublishSettings.RetryTopic;
import org.keyrotation.routes.rotate.RotateSettings;
import org.keyrotation.routes.schedule.ScheduleSettings;
import org.keyrotation.routes.startup.TopicSettings;

/** Makes the settings of every room from properties. */
final class SettingsFactory {

    private static final String NOBODY_TAKES_OUTCOMES =
            "it is false, and nobody takes the outcomes of the requests topic";
    private static final String UNLESS_SOMEBODY_TAKES_OUTCOMES =
            "true, or false with rotation.intake.enabled=false or with an OutcomeHandler";
    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration DECADE = Duration.ofDays(3650);

    private final SettingsReader in;
    private final Collection<String> names;
    private final Prefix prefix;
    private final ApplicationCallbacks supplied;

    private SettingsFactory(SettingsReader in, Collection<String> names, Prefix prefix, ApplicationCallbacks supplied) {
        this.in = in;
        this.names = names;
        this.prefix = prefix;
        this.supplied = supplied;
    }

    /** Of the properties of a context, which has problems of its own. */
    static RotationSettings compose(CamelContext context, Prefix prefix, ApplicationCallbacks supplied) {
        CamelProperties properties = CamelProperties.of(context, prefix);
        SettingsReader in = new SettingsReader(properties::get);
        RotationSettings settings = new SettingsFactory(in, properties.names(), prefix, supplied).settings();
        List<String> problems = new ArrayList<>(KafkaConfigValidator.problems(context));
        in.problems().stream().map(prefix::in).forEach(problems::add);
        refuse(problems);
        return settings;
    }

    static RotationSettings compose(Map<String, String> properties) {
        SettingsReader in = new SettingsReader(properties::get);
        RotationSettings settings = compose(in, properties.keySet());
        refuse(in.problems());
        return settings;
    }

    /** Of settings that were composed, or made by hand, without knowing of what the application supplies. */
    static void check(RotationSettings settings, CamelContext context, ApplicationCallbacks supplied) {
        List<String> problems = new ArrayList<>(KafkaConfigValidator.problems(context));
        if (settings.intake().enabled() && !settings.publish().enabled() && !supplied.handler()) {
            problems.add("rotation.publish.enabled: " + NOBODY_TAKES_OUTCOMES + "; allowed is "
                    + UNLESS_SOMEBODY_TAKES_OUTCOMES);
        }
        refuse(problems);
    }

    /** Its problems are the reader's to tell. */
    static RotationSettings compose(SettingsReader in, Collection<String> names) {
        return new SettingsFactory(in, names, Prefix.ROTATION, ApplicationCallbacks.NOTHING).settings();
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
    }

    private RotationSettings settings() {
        ApiSettings api = new ApiProperties(in, names, supplied.signIns()).read();
        RotateSettings rotate = rotate();
        List<RetryTopic> retries = retries();
        boolean takesIn = in.flag("rotation.intake.enabled", true);
        PublishSettings publish = publish(takesIn, retries);
        TopicSettings topics = topics();
        IntakeSettings intake = new IntakeSettings(
                takesIn,
                topic("rotation.topics.requests", "rotation.requests"),
                in.text(
                        "rotation.kafka.group-id",
                        prefix.door("key-rotation"),
                        "1 to 200 characters",
                        id -> id.length() <= 200),
                api.maxInFlight(),
                handledAtOnce(api),
                retries);
        LedgerSettings ledger = new LedgerSettings(topic("rotation.topics.ledger", "rotation.ledger"));
        ScheduleSettings schedule = ScheduleSettings.read(in);
        if (rotate.minInterval().compareTo(schedule.interval()) > 0) {
            in.problem(
                    "rotation.min-interval",
                    "it is " + rotate.minInterval(),
                    "at most rotation.schedule.interval, " + schedule.interval());
        }
        refuseSharedTopics(publish, intake, ledger);
        refuseUnknown();
        return new RotationSettings(api, rotate, ledger, intake, publish, schedule, topics);
    }

    /**
     * While the ledger or a topic is waited for, somebody else calls. Not where calls are limited: whose turn it is would wait for
     * others, and then all of them would call together.
     */
    private static int handledAtOnce(ApiSettings api) {
        int more = Math.max(1, api.maxInFlight() / 4); // each of them is put off where its company is to rest
        return api.requestsPerSecond() == 0 ? api.maxInFlight() + more : api.maxInFlight();
    }

    private RotateSettings rotate() {
        Duration overlap = in.duration("rotation.overlap", "PT24H", Duration.ZERO, MONTH);
        return new RotateSettings(
                in.duration("rotation.activation-delay", "PT5M", Duration.ZERO, MONTH),
                overlap,
                in.duration("rotation.min-interval", overlap.toString(), Duration.ZERO, DECADE),
                in.flag("rotation.read-back", true),
                in.duration("rotation.retry.give-up-after", "PT24H", Duration.ZERO, MONTH));
    }

    private PublishSettings publish(boolean takesIn, List<RetryTopic> retries) {
        boolean enabled = in.flag("rotation.publish.enabled", true);
        if (takesIn && !enabled && !supplied.handler()) {
            in.problem("rotation.publish.enabled", NOBODY_TAKES_OUTCOMES, UNLESS_SOMEBODY_TAKES_OUTCOMES);
        }
        return new PublishSettings(
                enabled,
                topic("rotation.topics.keys", "rotation.keys"),
                topic("rotation.topics.failures", "rotation.failures"),
                takesIn || enabled,
                retries);
    }

    private List<RetryTopic> retries() {
        String prefix = topic("rotation.topics.retry-prefix", "rotation.requests.retry");
        List<Duration> delays = in.value(
                "rotation.retry.delays",
                "PT10S,PT1M,PT10M",
                SettingsFactory::durations,
                "a comma-separated list of 1 to 10 ISO-8601 durations from PT0.1S to PT24H",
                SettingsFactory::areDelays);
        return IntStream.range(0, delays.size())
                .mapToObj(i -> new RetryTopic(prefix + "." + (i + 1), delays.get(i)))
                .toList();
    }

    private static boolean areDelays(List<Duration> delays) {
        return delays.size() <= 10
                && delays.stream().allMatch(d -> d.compareTo(MOMENT) >= 0 && d.compareTo(Duration.ofDays(1)) <= 0);
    }

    /** What is written to one of them would be read as if it were another's. */
    private void refuseSharedTopics(PublishSettings publish, IntakeSettings intake, LedgerSettings ledger) {
        Set<String> taken = new HashSet<>(Set.of(intake.requestsTopic()));
        refuseTaken(taken, "rotation.topics.keys", publish.keysTopic());
        refuseTaken(taken, "rotation.topics.failures", publish.failuresTopic());
        refuseTaken(taken, "rotation.topics.ledger", ledger.topic());
        intake.retries().forEach(retry -> refuseTaken(taken, "rotation.topics.retry-prefix", retry.name()));
    }

    private void refuseTaken(Set<String> taken, String property, String topic) {
        if (!taken.add(topic)) {
            in.problem(property, "the topic '" + topic + "' is another property's too", "a topic of its own");
        }
    }

    private TopicSettings topics() {
        String brokersDefault = "-1";
        Short replicationFactor = in.value(
                "rotation.topics.replication-factor",
                brokersDefault,
                Short::valueOf,
                "a whole number from 1 to 99, or -1 for the brokers' default",
                n -> n == -1 || (n >= 1 && n <= 99));
        return new TopicSettings(
                in.flag("rotation.topics.create", true),
                in.number("rotation.topics.partitions", 8, 1, 10_000),
                replicationFactor == -1 ? null : replicationFactor);
    }

    private String topic(String property, String byDefault) {
        return in.text(
                property,
                prefix.in(byDefault),
                "a topic name of 1 to 249 letters, digits, '.', '_' and '-'",
                name -> name.matches("[A-Za-z0-9._-]{1,249}") && !name.matches("\\.{1,2}"));
    }

    private static List<Duration> durations(String list) {
        return List.of(list.split(",")).stream()
                .map(String::strip)
                .map(Duration::parse)
                .toList();
    }

    private void refuseUnknown() {
        Set<String> unknown = new HashSet<>(names);
        unknown.removeAll(in.asked().keySet());
        unknown.removeIf(name -> !name.startsWith("rotation.") || name.startsWith("rotation.log."));
        unknown.stream()
                .sorted()
                .forEach(name -> in.problem(name, "there is no such property", "one of the README's table"));
    }
}
