package org.keyrotation.routes.startup;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.camel.CamelContext;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.api.ApiSettings;
import org.keyrotation.routes.intake.IntakeSettings;
import org.keyrotation.routes.kafka.GroupMembers;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.kafka.NotReadyReason;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerControl;
import org.keyrotation.routes.ledger.LedgerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The claim of this instance's group and API on the ledger, by its control record. One group at a time reads requests: two
 * groups would both read each of them.
 */
public final class LedgerClaim {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerClaim.class);

    /** The group that has just written the control record joins within this time. */
    private static final Duration TAKE_OVER_DELAY = Duration.ofSeconds(5);

    private final Ledger ledger;
    private final String topic;
    private final String apiHost;
    private final String groupId;
    private final boolean readsRequests;
    private final KafkaClients clients;
    private final GroupMembers members;
    private @Nullable LedgerControl abandoned;
    private long abandonedSince;
    private boolean isWarned;
    private boolean isOthers;
    private boolean isApiClaimed;

    public LedgerClaim(
            CamelContext context,
            Ledger ledger,
            LedgerSettings ledgerSettings,
            ApiSettings api,
            IntakeSettings intake) {
        this(context, ledger, ledgerSettings, api, intake, intake.enabled());
    }

    /** A claim of an instance that reads no requests, whatever the settings of the intake. */
    public static LedgerClaim withoutIntake(
            CamelContext context,
            Ledger ledger,
            LedgerSettings ledgerSettings,
            ApiSettings api,
            IntakeSettings intake) {
        return new LedgerClaim(context, ledger, ledgerSettings, api, intake, false);
    }

    private LedgerClaim(
            CamelContext context,
            Ledger ledger,
            LedgerSettings ledgerSettings,
            ApiSettings api,
            IntakeSettings intake,
            boolean readsRequests) {
        this.ledger = ledger;
        this.topic = ledgerSettings.topic();
        this.apiHost = api.host();
        this.groupId = intake.groupId();
        this.readsRequests = readsRequests;
        this.clients = new KafkaClients(context);
        this.members = new GroupMembers(context);
    }

    /** Whether the last check found that the ledger is another group's. */
    synchronized boolean isOthers() {
        return isOthers;
    }

    /** Returns why this instance may not read requests now, or null. Takes over a ledger whose group has no members. */
    @Nullable
    synchronized NotReadyReason check(Admin admin) throws ExecutionException, InterruptedException {
        if (readsRequests) {
            NotReadyReason reason = claim(admin);
            isOthers = reason != null;
            return reason;
        }
        return null;
    }

    /**
     * Writes the host of the API into a ledger without a control record, once: a rotation follows that no member of the group
     * makes. The ledger must have been read to its end.
     */
    public synchronized void claimForApi() throws ExecutionException, InterruptedException {
        if (!readsRequests) {
            if (!isApiClaimed) {
                writeApi();
            }
            ledger.repairControl();
            ledger.requireSameApi();
        }
    }

    private void writeApi() throws ExecutionException, InterruptedException {
        try (Admin admin = clients.admin()) {
            if (ledger.control() == null && !hasOlderMembers(admin)) {
                ledger.writeControl(LedgerControl.first(null, apiHost));
            }
            isApiClaimed = true;
        }
    }

    private @Nullable NotReadyReason claim(Admin admin) throws ExecutionException, InterruptedException {
        LedgerControl control = ledger.control();
        if (control == null) {
            if (hasOlderMembers(admin)) {
                return null;
            }
            ledger.writeControl(LedgerControl.first(groupId, apiHost));
        } else if (control.group() == null) {
            ledger.writeControl(control.withGroup(groupId));
        } else if (control.group().equals(groupId)) {
            ledger.repairControl();
        } else {
            return waitOrTakeOver(admin, control, control.group());
        }
        return lostTo(ledger.control());
    }

    private @Nullable NotReadyReason waitOrTakeOver(Admin admin, LedgerControl control, String other)
            throws ExecutionException, InterruptedException {
        int count = count(admin, other);
        if (count > 0) {
            abandoned = null;
            return NotReadyReason.retryable(
                    "Ledger %s is in use by group '%s' (%d %s): group '%s' waits until it has none"
                            .formatted(topic, other, count, count == 1 ? "member" : "members", groupId));
        }
        if (!isAbandoned(control)) {
            return NotReadyReason.retryable(
                    "Ledger %s was in use by group '%s', which has no members: taking it over in %d seconds"
                            .formatted(topic, other, TAKE_OVER_DELAY.toSeconds()));
        }
        abandoned = null;
        ledger.writeControl(control.withGroup(groupId));
        NotReadyReason lost = lostTo(ledger.control());
        if (lost == null) {
            LOG.info("Ledger {}: group '{}' takes over from group '{}', which has no members", topic, groupId, other);
        }
        return lost;
    }

    /** Whether the group of this control record has had no members for some time. */
    private boolean isAbandoned(LedgerControl control) {
        long now = System.nanoTime();
        if (!control.equals(abandoned)) {
            abandoned = control;
            abandonedSince = now;
        }
        return now - abandonedSince >= TAKE_OVER_DELAY.toNanos();
    }

    /** Returns null if this control record names our group, or there is none. A pause may win that names no group. */
    private @Nullable NotReadyReason lostTo(@Nullable LedgerControl control) {
        String group = control == null ? groupId : control.group();
        if (group == null) {
            return NotReadyReason.retryable("Ledger %s has just been changed, claiming it again".formatted(topic));
        }
        return group.equals(groupId)
                ? null
                : NotReadyReason.retryable("Ledger %s has just been taken over by group '%s'".formatted(topic, group));
    }

    private int count(Admin admin, String other) throws ExecutionException, InterruptedException {
        try {
            return members.count(admin, other);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupAuthorizationException) {
                throw new ExecutionException(new GroupAuthorizationException(
                        "Ledger %s is of group '%s', expected the permission to describe that group"
                                .formatted(topic, other)));
            }
            throw e;
        }
    }

    /** An older version takes the control record for an unreadable entry, and stops deciding. */
    private boolean hasOlderMembers(Admin admin) throws ExecutionException, InterruptedException {
        int older = countOlder(admin);
        if (older > 0 && !isWarned) {
            LOG.warn(
                    "Waiting to write the control record of ledger {}: group '{}' has {} members of an older version",
                    topic,
                    groupId,
                    older);
        }
        isWarned = older > 0;
        return older > 0;
    }

    /** An instance that reads no requests needs no permission for a group: it then knows of no older member. */
    private int countOlder(Admin admin) throws ExecutionException, InterruptedException {
        try {
            return members.countOlder(admin, groupId);
        } catch (ExecutionException e) {
            if (readsRequests || !(e.getCause() instanceof GroupAuthorizationException)) {
                throw e;
            }
            return 0;
        }
    }
}
