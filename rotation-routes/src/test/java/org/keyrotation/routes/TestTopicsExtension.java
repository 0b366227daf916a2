package org.keyrotation.routes;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * Injects {@link TestTopics}, and all that {@link SandboxExtension} has, into constructors and methods of tests. Each test
 * method has topics and a simulated API of its own; that API knows the credential {@code AcmeCorp/S2-1}.
 */
final class TestTopicsExtension implements ParameterResolver {

    private static final Namespace TOPICS = Namespace.create(TestTopicsExtension.class);

    private final SandboxExtension sandbox = new SandboxExtension();

    /** Gives a constructor the context of its test method, so that both have the same topics and API. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return sandbox.supportsParameter(parameter, test)
                || (isTopics(parameter) && test.getTestMethod().isPresent());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return isTopics(parameter) ? topics(test) : sandbox.resolveParameter(parameter, test);
    }

    private static boolean isTopics(ParameterContext parameter) {
        return parameter.getParameter().getType() == TestTopics.class;
    }

    private static TestTopics topics(ExtensionContext test) {
        return test.getStore(TOPICS)
                .getOrComputeIfAbsent(TestTopics.class, type -> topicsWithACredential(test), TestTopics.class);
    }

    private static TestTopics topicsWithACredential(ExtensionContext test) {
        SimulatedManagementApi api = SandboxExtension.api(test);
        api.addCredential(TestTopics.COMPANY, "S2-1");
        return TestTopics.of(SandboxExtension.broker(test), api);
    }
}
