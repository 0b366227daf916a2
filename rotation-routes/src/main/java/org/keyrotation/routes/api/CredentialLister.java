package org.keyrotation.routes.api;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
import static java.util.Objects.requireNonNull;
import static org.keyrotation.routes.api.ManagementApiRoutes.LIST_CREDENTIALS;
import static org.keyrotation.routes.api.ManagementApiRoutes.READ_CREDENTIAL;
import static org.keyrotation.routes.api.ManagementApiRoutes.READ_OWN_CREDENTIAL;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.task.Tasks;
import org.apache.camel.support.task.budget.Budgets;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ApiCredential;
import org.keyrotation.model.ApiCredentialPage;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.routes.camel.Prefix;

/** The lister reads through the API which credentials a company has, and whether credentials exist and are active. */
public final class CredentialLister {

    private static final int MAX_LISTINGS = 5;

    private static final int MAX_ATTEMPTS = 3;

    /** One a second. A longer throttling of one company must not hold up the plan for the others. */
    private static final int MAX_ATTEMPTS_WHILE_THROTTLED = 60;

    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

    private static final int MAX_CONCURRENT_READS = 16;

    private static final Duration NO_LIMIT = Duration.ofDays(1);

    private final CamelContext context;
    private final Prefix prefix;
    private final Duration maxRetryTime;
    private final ProducerTemplate template;

    public CredentialLister(CamelContext context, Prefix prefix) {
        this(context, prefix, NO_LIMIT);
    }

    /**
     * Creates a lister for a person who waits for the result.
     *
     * @param maxRetryTime no call is made again once its first attempt is older
     */
    public CredentialLister(CamelContext context, Prefix prefix, Duration maxRetryTime) {
        this.maxRetryTime = maxRetryTime;
        this.prefix = prefix;
        this.context = context;
        this.template = context.createProducerTemplate();
    }

    /**
     * Returns all credentials of a company, by their ids.
     *
     * <p>A credential that is added or removed between two pages shifts others past the reader. So the whole list is read
     * until two consecutive listings agree; after {@value #MAX_LISTINGS} listings the last two are merged.
     *
     * @throws ListingFailedException if the API does not answer with a list
     */
    public Map<String, ListedCredential> list(String companyId) {
        Map<String, ListedCredential> previous = listOnce(companyId);
        Map<String, ListedCredential> current = listOnce(companyId);
        for (int listings = 2; listings < MAX_LISTINGS && !agree(previous, current); listings++) {
            previous = current;
            current = listOnce(companyId);
        }
        Map<String, ListedCredential> merged = new LinkedHashMap<>(previous);
        merged.putAll(current);
        return merged;
    }

    /** Whether both have the same credentials, of which the same are active. A rotation between them changes neither. */
    private static boolean agree(Map<String, ListedCredential> previous, Map<String, ListedCredential> current) {
        return previous.keySet().equals(current.keySet())
                && current.entrySet().stream()
                        .allMatch(each -> each.getValue().active()
                                == requireNonNull(previous.get(each.getKey())).active());
    }

    private Map<String, ListedCredential> listOnce(String companyId) {
        Map<String, ListedCredential> listing = new LinkedHashMap<>();
        ApiCredentialPage page;
        int number = 0;
        do {
            page = page(companyId, ++number);
            page.data().forEach(credential -> listing.put(credential.id(), ListedCredential.of(credential)));
        } while (number < page.pagesTotal() && !page.data().isEmpty());
        return listing;
    }

    private ApiCredentialPage page(String companyId, int number) {
        ApiResult result = call(
                LIST_CREDENTIALS,
                new CredentialListing(companyId, number),
                ApiResult.Inconclusive.class::isInstance,
                MAX_ATTEMPTS);
        if (result instanceof ApiResult.CredentialPage listed) {
            return listed.page();
        }
        throw new ListingFailedException(companyId, detail(result));
    }

    /**
     * Reads the credential that authenticates the calls about this company, once.
     *
     * @param companyId one without an authentication of its own, as the empty one, stands for the default
     */
    public OwnCredential readOwn(String companyId) {
        Exchange exchange = template.request("direct:" + prefix.id(READ_OWN_CREDENTIAL), request -> request.getMessage()
                .setBody(companyId));
        ApiResult result = exchange.getMessage().getBody(ApiResult.class);
        ApiCredential own = result instanceof ApiResult.CredentialRead read ? read.credential() : null;
        return new OwnCredential(
                own,
                own == null ? detail(result) : null,
                exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE) != null,
                time(exchange.getMessage().getHeader("Date", String.class)));
    }

    private static @Nullable Instant time(@Nullable String date) {
        try {
            return date == null
                    ? null
                    : ZonedDateTime.parse(date, RFC_1123_DATE_TIME).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Reads these credentials concurrently, and returns what the API says of each. */
    public Map<CredentialId, CredentialState> read(Collection<CredentialId> credentials)
            throws InterruptedException, ExecutionException {
        if (credentials.isEmpty()) {
            return Map.of();
        }
        ExecutorService pool =
                context.getExecutorServiceManager().newFixedThreadPool(this, "rotation-schedule", MAX_CONCURRENT_READS);
        try {
            Map<String, CredentialState> unavailable = new ConcurrentHashMap<>();
            // At a limit of one call a second, the last read waits this long for its turn.
            int maxAttempts = MAX_ATTEMPTS_WHILE_THROTTLED + credentials.size();
            Map<CredentialId, CredentialState> states = new ConcurrentHashMap<>();
            List<Callable<@Nullable CredentialState>> reads = credentials.stream()
                    .<Callable<@Nullable CredentialState>>map(
                            credential -> () -> states.put(credential, read(credential, unavailable, maxAttempts)))
                    .toList();
            for (Future<@Nullable CredentialState> read : pool.invokeAll(reads)) {
                Object unused = read.get();
            }
            return states;
        } finally {
            context.getExecutorServiceManager().shutdownNow(pool);
        }
    }

    /** @param unavailable by company: once no call of the company gets through, its other credentials are not read */
    private CredentialState read(CredentialId credential, Map<String, CredentialState> unavailable, int maxAttempts) {
        CredentialState known = unavailable.get(credential.companyId());
        if (known != null) {
            return known;
        }
        AtomicInteger attempts = new AtomicInteger();
        ApiResult result = call(
                READ_CREDENTIAL,
                new ReadCall(credential),
                answer -> isBrieflyThrottled(answer)
                        || (isUnavailable(answer) && attempts.incrementAndGet() < MAX_ATTEMPTS),
                maxAttempts);
        CredentialState state = state(result);
        if (isOfCompany(result)) {
            unavailable.put(credential.companyId(), state);
        }
        return state;
    }

    /**
     * Whether the other credentials of the company would get the same result: a rate limit, a 401, no connection, or no
     * response. Any other answer, such as a page of a firewall, may concern this credential alone.
     */
    private static boolean isOfCompany(ApiResult result) {
        return result instanceof ApiResult.RateLimited
                || (result instanceof ApiResult.UnknownOutcome unknown && unknown.repeatable())
                || (result instanceof ApiResult.Inconclusive inconclusive && !inconclusive.mayHaveExecuted());
    }

    private static CredentialState state(ApiResult result) {
        if (result instanceof ApiResult.CredentialRead read) {
            return CredentialState.of(read.credential());
        }
        boolean isUnknown =
                result instanceof ApiResult.Rejected rejected && rejected.code() == FailureCode.CREDENTIAL_NOT_FOUND;
        return isUnknown ? CredentialState.UNKNOWN : CredentialState.unreadable(detail(result));
    }

    private static boolean isUnavailable(ApiResult result) {
        return result instanceof ApiResult.Inconclusive && !(result instanceof ApiResult.RateLimited);
    }

    private boolean isBrieflyThrottled(ApiResult result) {
        Duration maxWait = RETRY_INTERVAL.multipliedBy(MAX_ATTEMPTS_WHILE_THROTTLED);
        return result instanceof ApiResult.RateLimited rateLimited
                && rateLimited.retryAfter().compareTo(maxWait) < 0
                && !context.isStopping();
    }

    private ApiResult call(String route, Object call, Predicate<ApiResult> retryable, int maxAttempts) {
        AtomicReference<ApiResult> result = new AtomicReference<>();
        long startedAt = System.nanoTime();
        boolean unused = Tasks.foregroundTask()
                .withName("rotation-" + route)
                .withBudget(Budgets.iterationBudget()
                        .withMaxIterations(maxAttempts)
                        .withInterval(RETRY_INTERVAL)
                        .build())
                .build()
                .run(context, () -> {
                    result.set(template.requestBody("direct:" + prefix.id(route), call, ApiResult.class));
                    return !retryable.test(result.get()) || System.nanoTime() - startedAt > maxRetryTime.toNanos();
                });
        return requireNonNull(result.get());
    }

    private static String detail(ApiResult result) {
        if (result instanceof ApiResult.Rejected rejected) {
            return rejected.detail();
        }
        return result instanceof ApiResult.Inconclusive inconclusive ? inconclusive.detail() : "unexpected result";
    }

    private record ReadCall(CredentialId credential) implements ApiCall {
        @Override
        public String idempotencyKey() {
            throw new IllegalStateException("A read has no Idempotency-Key");
        }

        /** Does not queue for a permit: up to 16 queued reads would delay rotations of the company. */
        @Override
        public Duration maxPermitWait() {
            return Duration.ZERO;
        }
    }
}
