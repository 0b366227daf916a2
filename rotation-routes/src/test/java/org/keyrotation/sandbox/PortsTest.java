package org.keyrotation.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void eachPortIsAllocatedOnce() {
        assertThat(IntStream.range(0, 500).map(i -> Ports.free()).boxed()).doesNotHaveDuplicates();
    }
}
