package org.keyrotation.app.command;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.ledger.LedgerControl;
import org.keyrotation.routes.ledger.LedgerControl.Pause;
import org.keyrotation.routes.ledger.OtherApiException;
import org.keyrotation.routes.retry.RetryTopic;
import org.keyrotation.routes.startup.TopicFindings;
import org.keyrotation.routes.startup.TopicProvisioner;

/** The checks of brokers, topics, consumer groups and ledger. */
final class KafkaChecks {

    private static final String BROKERS = "brokers";
    private static final String GROUPS = "groups";
    private static final String LEDGER = "ledger";

    private final CommandContext context;
    private final RotationSettings settings;
    private final Checks checks;

    KafkaChecks(CommandContext context, Checks checks) {
        this.context = context;
        this.settings = context.settings();
        this.checks = checks;
    }

    void run() throws Exception {
        try (Admin admin = context.kafka().admin()) {
            int nodes = admin.describeCluster().nodes().get().size();
            checks.ok(
                    BROKERS,
                    "%s: %d %s".formatted(context.kafka().brokers(), nodes, nodes == 1 ? "broker" : "brokers"));
            checkTopics(admin);
            checkGroups(admin);
            checkLedger();
        } catch (ExecutionException | KafkaException e) {
            checks.failed(BROKERS, context.kafka().noAnswer(e));
            for (String name : List.of("topics", GROUPS, LEDGER)) {
                checks.skipped(name, "Kafka does not answer");
            }
        }
    }

    private void checkTopics(Admin admin) throws InterruptedException {
        TopicProvisioner topics = new TopicProvisioner(
                Prefix.ROTATION,
                settings.topics(),
                settings.intake(),
                settings.retry(),
                settings.publish(),
                settings.ledger(),
                settings.adoption());
        for (TopicFindings found : topics.inspectEach(admin)) {
            String name = "topic " + found.topic();
            if (!found.problems().isEmpty()) {
                checks.failed(name, detail(found));
            } else if (!found.warnings().isEmpty()) {
                checks.warning(name, detail(found));
            } else {
                checks.ok(name, "as the service needs it");
            }
        }
    }

    /** Joins what was found. The name of the topic is in the line already. */
    private static String detail(TopicFindings found) {
        String named = "Topic " + found.topic() + ": ";
        return Stream.concat(found.problems().stream(), found.warnings().stream())
                .map(text -> text.startsWith(named) ? text.substring(named.length()) : text)
                .collect(Collectors.joining("; "));
    }

    private void checkGroups(Admin admin) throws InterruptedException {
        List<String> problems = new ArrayList<>();
        String own = settings.intake().groupId();
        int members = checkGroup(admin, own, problems);
        for (RetryTopic retry : settings.retry().topics()) {
            int unused = checkGroup(admin, settings.retry().groupIdOf(retry.name()), problems);
        }
        if (problems.isEmpty()) {
            checks.ok(GROUPS, "%s: %d %s".formatted(own, members, members == 1 ? "member" : "members"));
        } else {
            checks.failed(GROUPS, String.join("; ", problems));
        }
    }

    /** Returns the number of members. */
    private static int checkGroup(Admin admin, String group, List<String> problems) throws InterruptedException {
        try {
            DescribeConsumerGroupsOptions options =
                    new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true);
            ConsumerGroupDescription found = requireNonNull(admin.describeConsumerGroups(List.of(group), options)
                            .describedGroups()
                            .get(group))
                    .get();
            Set<AclOperation> allowed = found.authorizedOperations(); // null from old brokers
            if (allowed != null && !allowed.contains(AclOperation.READ)) {
                problems.add("%s: the brokers allow %s, expected %s"
                        .formatted(group, new TreeSet<>(allowed), Set.of(AclOperation.READ)));
            }
            return found.members().size();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) { // as newer brokers answer
                problems.add(group + ": " + KafkaClients.reason(e));
            }
            return 0;
        }
    }

    private void checkLedger() throws Exception {
        try {
            if (!context.exists(settings.ledger().topic())) {
                checks.skipped(LEDGER, "its topic does not exist");
                return;
            }
            LedgerControl control = context.ledger().control();
            String group = control == null ? null : control.group();
            if (group == null || group.equals(settings.intake().groupId())) {
                checks.ok(LEDGER, "read to its end" + pause(control));
            } else {
                checks.warning(
                        LEDGER,
                        "it is of group '%s': the service of group '%s' waits until that one has no members"
                                .formatted(group, settings.intake().groupId()));
            }
        } catch (CommandException | OtherApiException e) {
            checks.failed(LEDGER, String.valueOf(e.getMessage()));
        }
    }

    private static String pause(@Nullable LedgerControl control) {
        Pause pause = control == null ? null : control.activePause(Instant.now());
        if (pause == null) {
            return "";
        }
        return "; the schedule is paused" + (pause.until() == null ? "" : " until " + pause.until());
    }
}
