package org.keyrotation.sandbox;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.keyrotation.sandbox.SimulatedCredential.State;

/**
 * Adyen's Management API, simulated on loopback: generateClientKey, reading and listing API credentials of a company,
 * and {@code /me}. It honours authentication, roles, problems, Idempotency-Key, the delay until a new key works and the 24
 * hours of the old one, and fails as it is told to.
 */
public final class SimulatedManagementApi implements AutoCloseable {

    /** What a user needs to read credentials and to generate keys. */
    public static final String ROLE = Users.ROLE;

    private final ApiOptions options;
    private final Users users;
    private final Fleet fleet;
    private final Idempotency idempotency;
    private final Faults faults = new Faults();
    private final Latency latency = new Latency();
    private final RequestLog log = new RequestLog();
    private final HttpFront http;

    private SimulatedManagementApi(ApiOptions options) {
        this.options = options;
        this.users = new Users(options.user());
        this.fleet = new Fleet(options.clock(), options.keyPrefix());
        this.idempotency = new Idempotency(options.clock());
        KeyGeneration generation = new KeyGeneration(fleet, idempotency);
        Dispatcher dispatcher = new Dispatcher(users, faults, generation, new Reads(fleet, users));
        this.http = new HttpFront(options.port(), dispatcher, log, latency);
    }

    /** On a free port. */
    public static SimulatedManagementApi start() {
        return start(ApiOptions.defaults());
    }

    public static SimulatedManagementApi start(int port) {
        return start(ApiOptions.defaults().withPort(port));
    }

    public static SimulatedManagementApi start(ApiOptions options) {
        return new SimulatedManagementApi(options);
    }

    /** Such as {@code http://127.0.0.1:8089/v3}. */
    public URI baseUrl() {
        return http.baseUrl();
    }

    /** The user that sees all companies. */
    public ApiUser user() {
        return options.user();
    }

    public String apiKey() {
        return user().apiKey();
    }

    public String username() {
        return user().username();
    }

    public String password() {
        return user().password();
    }

    /** The time by which keys begin and cease to work. */
    public MutableClock clock() {
        return options.clock();
    }

    /** A user that sees this company alone. */
    public ApiUser addUser(String companyId) {
        return users.add(companyId);
    }

    /** Instead of {@link #ROLE}, which every user has at first. */
    public void setRoles(ApiUser user, String... roles) {
        users.setRoles(user, Set.of(roles));
    }

    /** From now on {@link #user()} is refused there: 403. */
    public void hideCompany(String companyId) {
        users.hide(companyId);
    }

    /** Active, with a first key that works. */
    public void addCredential(String companyId, String apiCredentialId) {
        fleet.add(new CredentialId(companyId, apiCredentialId));
    }

    public void setActive(String companyId, String apiCredentialId, boolean active) {
        fleet.change(new CredentialId(companyId, apiCredentialId), active ? State.ACTIVE : State.INACTIVE);
    }

    public void removeCredential(String companyId, String apiCredentialId) {
        fleet.change(new CredentialId(companyId, apiCredentialId), State.REMOVED);
    }

    /** Until a key that is generated from now on works; 3 minutes at first. */
    public void activationDelay(Duration delay) {
        fleet.activationDelay(delay);
    }

    /** Switches Idempotency-Key on or off; it is on at first. */
    public void idempotency(boolean enabled) {
        idempotency.enabled(enabled);
    }

    /** Of every call from now on; none at first. The work is done at its end, just before the answer. */
    public void latency(Duration usual) {
        latency.usual(usual);
    }

    /** The latency of a share (0 to 1) of all calls. */
    public void tail(double share, Duration slow) {
        latency.tail(share, slow);
    }

    public Faults faults() {
        return faults;
    }

    public Truth truth() {
        return new Truth(fleet, log);
    }

    /** The requests that arrived, oldest first, at most the last 100,000. */
    public List<ReceivedRequest> requests() {
        return log.all();
    }

    /** Those of {@link #requests()} that asked for a new key. */
    public List<ReceivedRequest> generateRequests() {
        return requests().stream()
                .filter(request -> request.path().endsWith("/generateClientKey"))
                .toList();
    }

    /** Told of each request as soon as its answer is decided; on the event loop, so it must not block. */
    public void onRequest(Consumer<ReceivedRequest> listener) {
        log.listener(listener);
    }

    @Override
    public void close() {
        http.close();
    }
}
