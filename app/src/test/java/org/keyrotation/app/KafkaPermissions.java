package org.keyrotation.app;

import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.acl.AclResourcePatternType;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import io.strimzi.api.kafka.model.user.acl.AclRuleGroupResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResource;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.TlsStores;

/** Does what Strimzi's operators do: creates the topics and users of the Kubernetes manifests, and what the users may do. */
final class KafkaPermissions implements AutoCloseable {

    private static final String PASSWORD = "of-the-users";

    private final SandboxBroker broker;
    private final TlsStores tls;
    private final Admin admin;

    private KafkaPermissions(SandboxBroker broker, TlsStores tls) {
        this.broker = broker;
        this.tls = tls;
        this.admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    static KafkaPermissions create(SandboxBroker broker, TlsStores tls) throws Exception {
        KafkaPermissions created = new KafkaPermissions(broker, tls);
        for (KafkaTopic topic : Manifests.read("kafka/topics.yaml", KafkaTopic.class)) {
            Map<String, String> configs = new HashMap<>();
            topic.getSpec().getConfig().forEach((name, value) -> configs.put(name, value.toString()));
            configs.put("min.insync.replicas", "1"); // of one broker
            broker.createTopic(topic.getMetadata().getName(), 2, configs);
        }
        for (KafkaUser user : users()) {
            created.admin
                    .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            name(user), new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD)))
                    .all()
                    .get();
            created.allow(bindings(user).toList());
        }
        return created;
    }

    /** The value of Strimzi's secret of the user. */
    static String jaasConfig(String user) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(user, PASSWORD);
    }

    /** The settings of a client of this user. */
    Map<String, Object> client(String user) {
        return Map.of(
                "bootstrap.servers",
                broker.usersBootstrapServers(),
                "security.protocol",
                "SASL_SSL",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                tls.serverCertificate().toString(),
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                jaasConfig(user));
    }

    /** What the user may do: one resource and operation each. */
    static List<AclBinding> of(String user) throws IOException {
        return users().stream()
                .filter(each -> name(each).equals(user))
                .flatMap(KafkaPermissions::bindings)
                .toList();
    }

    void allow(List<AclBinding> bindings) {
        broker.topics().addAcls(bindings);
    }

    void forbid(AclBinding binding) {
        broker.topics().deleteAcls(List.of(binding));
    }

    private static List<KafkaUser> users() throws IOException {
        return Manifests.read("kafka/users.yaml", KafkaUser.class);
    }

    private static String name(KafkaUser user) {
        return user.getMetadata().getName();
    }

    private static Stream<AclBinding> bindings(KafkaUser user) {
        return ((KafkaUserAuthorizationSimple) user.getSpec().getAuthorization())
                .getAcls().stream().flatMap(rule -> bindings(name(user), rule));
    }

    private static Stream<AclBinding> bindings(String user, AclRule rule) {
        ResourcePattern resource = resource(rule.getResource());
        return rule.getOperations().stream()
                .map(operation -> AclOperation.fromString(operation
                        .toValue()
                        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                        .toUpperCase(Locale.ROOT)))
                .map(operation -> new AclBinding(
                        resource, new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW)));
    }

    private static ResourcePattern resource(AclRuleResource resource) {
        if (resource instanceof AclRuleTopicResource topic) {
            return new ResourcePattern(ResourceType.TOPIC, topic.getName(), pattern(topic.getPatternType()));
        }
        AclRuleGroupResource group = (AclRuleGroupResource) resource;
        return new ResourcePattern(ResourceType.GROUP, group.getName(), pattern(group.getPatternType()));
    }

    private static PatternType pattern(AclResourcePatternType type) {
        return type == AclResourcePatternType.PREFIX ? PatternType.PREFIXED : PatternType.LITERAL;
    }

    @Override
    public void close() {
        admin.close();
    }
}
