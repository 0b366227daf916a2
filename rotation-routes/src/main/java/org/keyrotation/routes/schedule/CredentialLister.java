package org.keyrotation.routes.schedule;

import static java.util.Objects.requireNonNull;
import static org.keyrotation.routes.api.ManagementApiRoutes.LIST_CREDENTIALS;
import static org.keyrotation.routes.api.ManagementApiRoutes.READ_CREDENTIAL;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.task.Tasks;
import org.apache.camel.support.task.budget.Budgets;
import org.keyrotation.model.ApiCredentialPage;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.routes.api.ApiCall;
import org.keyrotation.routes.api.ApiResult;
import org.keyrotation.routes.api.CredentialListing;
import org.keyrotation.routes.camel.Prefix;

/** What the API says of the credentials of a company. */
final class CredentialLister {

    private static final int MOST_READINGS = 5;

    private static final int MOST_TRIES = 3;

    /** A company that rests for longer is not waited for: there are others. */
    private static final int MOST_TRIES_UNTIL_ITS_TURN = 60;

    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private final CamelContext context;
    private final Prefix prefix;
    private final ProducerTemplate template;

    CredentialLister(CamelContext context, Prefix prefix) {
        this.prefix = prefix;
        this.context = context;
        this.template = context.createProducerTemplate();
    }

    /**
     * All of them, and whether they are active. What is added or removed while pages are read moves others from page to
     * page, past the reader: so it is read until two readings agree. Where they never do, what either has will do for now.
     *
     * @throws ListingFailedException where the API does not answer with a list
     */
    Map<String, Boolean> list(String companyId) {
        Map<String, Boolean> before = read(companyId);
        Map<String, Boolean> now = read(companyId);
        for (int reading = 2; reading < MOST_READINGS && !now.equals(before); reading++) {
            before = now;
            now = read(companyId);
        }
        Map<String, Boolean> all = new LinkedHashMap<>(before);
        all.putAll(now);
        return all;
    }

    private Map<String, Boolean> read(String companyId) {
        Map<String, Boolean> found = new LinkedHashMap<>();
        ApiCredentialPage page;
        int number = 0;
        do {
            page = page(companyId, ++number);
            page.data().forEach(credential -> found.put(credential.id(), credential.active()));
        } while (number < page.pagesTotal() && !page.data().isEmpty());
        return found;
    }

    private ApiCredentialPage page(String companyId, int number) {
        ApiResult answer = ask(
                LIST_CREDENTIALS,
                new CredentialListing(companyId, number),
                ApiResult.Inconclusive.class::isInstance,
                MOST_TRIES);
        if (answer instanceof ApiResult.CredentialPage listed) {
            return listed.page();
        }
        throw new ListingFailedException(companyId, detail(answer));
    }

    /** False only where the API says so: whatever else it says, whoever asks for a rotation will be told. */
    boolean isActive(CredentialId credential) {
        ApiResult answer =
                ask(READ_CREDENTIAL, new Reading(credential), this::isWorthWaiting, MOST_TRIES_UNTIL_ITS_TURN);
        boolean inactive = answer instanceof ApiResult.CredentialRead found
                && !found.credential().active();
        boolean gone =
                answer instanceof ApiResult.Rejected refused && refused.code() == FailureCode.CREDENTIAL_NOT_FOUND;
        return !inactive && !gone;
    }

    private boolean isWorthWaiting(ApiResult answer) {
        Duration longest = BETWEEN_TRIES.multipliedBy(MOST_TRIES_UNTIL_ITS_TURN);
        return answer instanceof ApiResult.RateLimited notNow
                && notNow.retryAfter().compareTo(longest) < 0
                && !context.isStopping();
    }

    /** Again as long as the answer is such a one. */
    private ApiResult ask(String route, Object call, Predicate<ApiResult> again, int mostTries) {
        AtomicReference<ApiResult> answer = new AtomicReference<>();
        boolean unused = Tasks.foregroundTask()
                .withName("rotation-" + route)
                .withBudget(Budgets.iterationBudget()
                        .withMaxIterations(mostTries)
                        .withInterval(BETWEEN_TRIES)
                        .build())
                .build()
                .run(context, () -> {
                    answer.set(template.requestBody("direct:" + prefix.id(route), call, ApiResult.class));
                    return !again.test(answer.get());
                });
        return requireNonNull(answer.get());
    }

    private static String detail(ApiResult answer) {
        if (answer instanceof ApiResult.Rejected refused) {
            return refused.detail();
        }
        return answer instanceof ApiResult.Inconclusive unsettled ? unsettled.detail() : "it answered something else";
    }

    private record Reading(CredentialId credential) implements ApiCall {
        @Override
        public String idempotencyKey() {
            throw new IllegalStateException("a reading has none");
        }

        /** Many are made side by side: a line of them would have whoever rotates wait. */
        @Override
        public Duration maxPermitWait() {
            return Duration.ZERO;
        }
    }
}
