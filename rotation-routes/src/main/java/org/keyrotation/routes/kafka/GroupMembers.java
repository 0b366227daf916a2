package org.keyrotation.routes.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * The members of consumer groups. Their client ids tell those of this version from those of an older one, which has Kafka's
 * default client id.
 */
public final class GroupMembers {

    private static final String CLIENT_ID_PREFIX = "key-rotation-";

    /** Client ids differ within a JVM: Kafka's clients register JMX beans by them. */
    private static final AtomicInteger CLIENTS = new AtomicInteger();

    private final KafkaClients clients;

    public GroupMembers(CamelContext context) {
        this.clients = new KafkaClients(context);
    }

    /** Sets the client id of a consumer, unless the kafka component has one. */
    static void setClientId(Properties consumer, String topic) {
        consumer.putIfAbsent(
                CommonClientConfigs.CLIENT_ID_CONFIG, CLIENT_ID_PREFIX + topic + "-" + CLIENTS.incrementAndGet());
    }

    /** Returns the number of members. A group that does not exist has none. */
    public int count(Admin admin, String groupId) throws ExecutionException, InterruptedException {
        return members(admin, groupId).size();
    }

    /** Returns the number of members of an older version. A client id of the kafka component's own tells no version. */
    public int countOlder(Admin admin, String groupId) throws ExecutionException, InterruptedException {
        String configured = configuredClientId();
        return (int) members(admin, groupId).stream()
                .map(MemberDescription::clientId)
                .filter(id -> !id.startsWith(CLIENT_ID_PREFIX) && !id.equals(configured))
                .count();
    }

    private @Nullable String configuredClientId() {
        return clients.configuration().createConsumerProperties().getProperty(CommonClientConfigs.CLIENT_ID_CONFIG);
    }

    private static Collection<MemberDescription> members(Admin admin, String groupId)
            throws ExecutionException, InterruptedException {
        try {
            return admin.describeConsumerGroups(List.of(groupId)).all().get().values().stream()
                    .map(ConsumerGroupDescription::members)
                    .findFirst()
                    .orElse(List.of());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) { // as newer brokers answer
                return List.of();
            }
            throw e;
        }
    }
}
