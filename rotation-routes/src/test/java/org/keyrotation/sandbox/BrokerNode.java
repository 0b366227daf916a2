package org.keyrotation.sandbox;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * A small KRaft node, broker and controller in one: its configuration, formatting and start.
 *
 * @param users the listener on which users log in and may do what ACLs allow; null for none
 * @param overrides settings that win over those below
 */
record BrokerNode(
        Path data, int port, int controllerPort, @Nullable UserListener users, Map<String, String> overrides) {

    /** A listener with TLS and SCRAM-SHA-512. */
    record UserListener(int port, TlsStores tls) {}

    /** Each partition of the topic of committed offsets is a coordinator. */
    static final int GROUP_COORDINATORS = 4;

    private static final int NODE_ID = 1;
    private static final String CONTROLLER = "CONTROLLER";

    void format() {
        Formatter formatter = new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(NODE_ID)
                .setControllerListenerName(CONTROLLER)
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setMetadataLogDirectory(data.toString())
                .addDirectory(data.toString());
        try {
            formatter.run();
        } catch (Exception e) {
            throw new IllegalStateException("cannot format " + data, e);
        }
    }

    KafkaRaftServer start() {
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(settings()), Time.SYSTEM);
        server.startup();
        return server;
    }

    private Properties settings() {
        Properties all = new Properties();
        all.putAll(identity());
        all.putAll(oneNode());
        all.putAll(small());
        if (users != null) {
            all.putAll(login(users));
        }
        all.putAll(overrides);
        return all;
    }

    private Map<String, String> identity() {
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                Integer.toString(NODE_ID),
                "controller.quorum.voters",
                NODE_ID + "@127.0.0.1:" + controllerPort,
                "listeners",
                "PLAINTEXT://127.0.0.1:" + port + "," + CONTROLLER + "://127.0.0.1:" + controllerPort,
                "controller.listener.names",
                CONTROLLER,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT",
                "log.dirs",
                data.toString());
    }

    private static Map<String, String> oneNode() {
        return Map.of(
                // As in most production clusters, a missing topic is an error.
                "auto.create.topics.enable", "false",
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", Integer.toString(GROUP_COORDINATORS),
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "4",
                // Everything is allowed until a test adds an ACL.
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found", "true",
                // A test's only consumer does not wait for more members.
                "group.initial.rebalance.delay.ms", "0");
    }

    /** The other listener is of the administrator, without a login. */
    private Map<String, String> login(UserListener listener) {
        return Map.of(
                "listeners",
                identity().get("listeners") + ",USERS://127.0.0.1:" + listener.port(),
                "listener.security.protocol.map",
                identity().get("listener.security.protocol.map") + ",USERS:SASL_SSL",
                "listener.name.users.ssl.keystore.location",
                listener.tls().serverKeyStore().toString(),
                "listener.name.users.ssl.keystore.password",
                TlsStores.PASSWORD,
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-512",
                "listener.name.users.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                "inter.broker.listener.name",
                "PLAINTEXT",
                "super.users",
                "User:ANONYMOUS",
                "allow.everyone.if.no.acl.found",
                "false");
    }

    private static Map<String, String> small() {
        return Map.of(
                "num.network.threads", "2",
                "num.io.threads", "4",
                "background.threads", "2",
                // The only broker: a stall of the JVM must not fence it.
                "broker.session.timeout.ms", "60000",
                // Each is 128 MiB by default.
                "log.cleaner.dedupe.buffer.size", "2097152",
                "log.cleaner.io.buffer.size", "65536",
                "log.index.size.max.bytes", "1048576");
    }
}
