package org.keyrotation.sandbox;

import java.lang.reflect.Parameter;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the sandbox, as parameters. {@link SandboxBroker} and its {@link Topics} are the same for the whole JVM and
 * can be had everywhere; whoever stops the broker must restart it. {@link SimulatedManagementApi} is fresh for each test
 * method, and shared with that method's {@code @BeforeEach} and {@code @AfterEach}; other places cannot have it.
 */
public final class SandboxExtension implements ParameterResolver {

    private static final Namespace SANDBOX = Namespace.create(SandboxExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        Class<?> type = parameter.getParameter().getType();
        return type == SandboxBroker.class
                || type == Topics.class
                || (type == SimulatedManagementApi.class && test.getTestMethod().isPresent());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        Parameter wanted = parameter.getParameter();
        if (wanted.getType() == SimulatedManagementApi.class) {
            return api(test);
        }
        return wanted.getType() == Topics.class ? broker(test).topics() : broker(test);
    }

    /** JUnit closes what is in a store, at the end of the test method ... */
    public static SimulatedManagementApi api(ExtensionContext test) {
        return test.getStore(SANDBOX)
                .getOrComputeIfAbsent(
                        SimulatedManagementApi.class,
                        type -> SimulatedManagementApi.start(),
                        SimulatedManagementApi.class);
    }

    /** ... and at the end of all tests. */
    public static SandboxBroker broker(ExtensionContext test) {
        return test.getRoot()
                .getStore(SANDBOX)
                .getOrComputeIfAbsent(SandboxBroker.class, type -> SandboxBroker.start(), SandboxBroker.class);
    }
}
