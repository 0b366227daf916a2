package org.keyrotation.sandbox;

import java.lang.reflect.Parameter;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Injects the sandbox into tests as parameters. One {@link SandboxBroker} with its {@link TopicClient} serves the whole
 * JVM: a test that stops the broker must restart it. Each test method gets a new {@link SimulatedManagementApi}, shared
 * with its {@code @BeforeEach} and {@code @AfterEach} methods.
 */
public final class SandboxExtension implements ParameterResolver {

    static {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(2)); // the default is 10 s, for which a busy machine may stall
    }

    private static final Namespace SANDBOX = Namespace.create(SandboxExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        Class<?> type = parameter.getParameter().getType();
        return type == SandboxBroker.class
                || type == TopicClient.class
                || (type == SimulatedManagementApi.class && test.getTestMethod().isPresent());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        Parameter required = parameter.getParameter();
        if (required.getType() == SimulatedManagementApi.class) {
            return api(test);
        }
        return required.getType() == TopicClient.class ? broker(test).topics() : broker(test);
    }

    /** JUnit closes the resources of a store: this one after the test method. */
    public static SimulatedManagementApi api(ExtensionContext test) {
        return test.getStore(SANDBOX)
                .getOrComputeIfAbsent(
                        SimulatedManagementApi.class,
                        type -> SimulatedManagementApi.start(),
                        SimulatedManagementApi.class);
    }

    /** JUnit closes the root store after all tests. */
    public static SandboxBroker broker(ExtensionContext test) {
        return test.getRoot()
                .getStore(SANDBOX)
                .getOrComputeIfAbsent(SandboxBroker.class, type -> SandboxBroker.start(), SandboxBroker.class);
    }
}
