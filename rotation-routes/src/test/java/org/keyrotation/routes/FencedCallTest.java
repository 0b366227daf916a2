package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.api.ApiAuth;
import org.keyrotation.routes.api.ApiCall;
import org.keyrotation.routes.api.ApiHttpClient;
import org.keyrotation.routes.api.ApiResult;
import org.keyrotation.routes.api.ApiSettings;
import org.keyrotation.routes.api.CallFencedException;
import org.keyrotation.routes.api.CompanyRateLimiter;
import org.keyrotation.routes.api.ManagementApiRoutes;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** A call waits for a connection while its request gets a new owner. */
@ExtendWith(SandboxExtension.class)
class FencedCallTest {

    private static final String GENERATE = "direct:" + Prefix.ROTATION.id(ManagementApiRoutes.GENERATE_CLIENT_KEY);

    @ParameterizedTest
    @EnumSource
    @Tag("I2")
    void callIsNotMadeAfterOwnershipIsLost(ApiHttpClient client, SimulatedManagementApi api) throws Exception {
        api.addCredential("AcmeCorp", "S2-1");
        api.addCredential("AcmeCorp", "S2-2");
        api.latency(Duration.ofSeconds(1));
        AtomicBoolean held = new AtomicBoolean(true);
        CamelContext context = new DefaultCamelContext();
        try {
            ApiSettings settings = oneConnection(api, client);
            ThreadPools threads = ThreadPools.create(context, Prefix.ROTATION);
            MeterRegistry meters = new SimpleMeterRegistry();
            CompanyRateLimiter limiter = new CompanyRateLimiter(settings, meters, threads.routing());
            context.addRoutes(new ManagementApiRoutes(Prefix.ROTATION, settings, settings, limiter, meters, threads));
            context.start();

            CompletableFuture<Exchange> first = generate(context, "S2-1", () -> true);
            await().until(() -> api.requests().size() == 1);
            CompletableFuture<Exchange> second = generate(context, "S2-2", held::get);
            held.set(false);

            assertThat(first.get().getMessage().getBody()).isInstanceOf(ApiResult.KeyGenerated.class);
            assertThat(second.get().getException()).isInstanceOf(CallFencedException.class);
            Exchange third = generate(context, "S2-2", () -> true).get();
            assertThat(third.getMessage().getBody()).isInstanceOf(ApiResult.KeyGenerated.class);
        } finally {
            context.stop();
        }
        assertThat(api.generateRequests()).hasSize(2);
    }

    private static CompletableFuture<Exchange> generate(CamelContext context, String id, BooleanSupplier ownership) {
        return CompletableFuture.supplyAsync(() -> context.createProducerTemplate()
                .send(GENERATE, exchange -> exchange.getMessage().setBody(new Call(id, ownership))));
    }

    private static ApiSettings oneConnection(SimulatedManagementApi api, ApiHttpClient client) {
        return new ApiSettings(
                api.baseUrl(),
                ApiAuth.apiKey(api.apiKey()),
                Map.of(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                1,
                0,
                client);
    }

    private record Call(String id, BooleanSupplier ownership) implements ApiCall {
        @Override
        public CredentialId credential() {
            return new CredentialId("AcmeCorp", id);
        }

        @Override
        public String idempotencyKey() {
            return "key-of-" + id;
        }

        @Override
        public boolean isStillOwned() {
            return ownership.getAsBoolean();
        }
    }
}
