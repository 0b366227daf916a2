package org.keyrotation.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SandboxExtensionIT {

    private final Set<SimulatedManagementApi> seen = new HashSet<>();
    private SandboxBroker broker;
    private SimulatedManagementApi api;

    @BeforeAll
    void injectTheBroker(SandboxBroker shared) {
        broker = shared;
    }

    @BeforeEach
    void injectTheApi(SimulatedManagementApi fresh) {
        api = fresh;
    }

    @RepeatedTest(2)
    void brokerIsSharedAndApiIsFresh(SandboxBroker sameBroker, TopicClient sameTopics, SimulatedManagementApi sameApi) {
        assertThat(sameBroker).isSameAs(broker);
        assertThat(sameTopics).isSameAs(broker.topics());
        assertThat(sameApi).isSameAs(api);
        assertThat(seen.add(sameApi)).isTrue();
    }
}
