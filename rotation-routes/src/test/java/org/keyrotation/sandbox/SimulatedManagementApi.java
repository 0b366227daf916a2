package org.keyrotation.sandbox;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.keyrotation.sandbox.SimulatedCredential.State;

/**
 * Adyen's Management API, simulated on loopback: generateClientKey, reading and listing a company's API credentials,
 * and {@code /me}. It implements authentication, roles, problems, Idempotency-Key, the activation delay of a new key
 * and the 24 hours of the previous one. {@link Faults} makes it fail.
 */
public final class SimulatedManagementApi implements AutoCloseable {

    /** The role that reading credentials and generating keys requires. */
    public static final String ROLE = AccessControl.ROLE;

    private final ApiOptions options;
    private final AccessControl accessControl;
    private final SimulatedFleet fleet;
    private final IdempotencyStore idempotency;
    private final Faults faults = new Faults();
    private final Latency latency = new Latency();
    private final RequestLog log = new RequestLog();
    private final ApiServer http;

    private SimulatedManagementApi(ApiOptions options) {
        this.options = options;
        this.accessControl = new AccessControl(options.user());
        this.fleet = new SimulatedFleet(options.clock(), options.keyPrefix());
        this.idempotency = new IdempotencyStore(options.clock());
        GenerateOperation generation = new GenerateOperation(fleet, idempotency);
        Dispatcher dispatcher = new Dispatcher(
                accessControl, faults, generation, new ReadOperations(fleet, accessControl, options.clock()));
        this.http = new ApiServer(options.port(), options.tls(), dispatcher, log, latency);
    }

    /** Starts on a free port. */
    public static SimulatedManagementApi start() {
        return start(ApiOptions.defaults());
    }

    public static SimulatedManagementApi start(int port) {
        return start(ApiOptions.defaults().withPort(port));
    }

    public static SimulatedManagementApi start(ApiOptions options) {
        return new SimulatedManagementApi(options);
    }

    /** For example {@code http://127.0.0.1:8089/v3}. */
    public URI baseUrl() {
        return http.baseUrl();
    }

    /** The user that may access all companies. */
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

    /** The clock that decides when keys start and stop working. */
    public MutableClock clock() {
        return options.clock();
    }

    /** Adds a user that may access this company only. */
    public ApiUser addUser(String companyId) {
        return accessControl.add(companyId);
    }

    /** Replaces {@link #ROLE}, the default of every user. */
    public void setRoles(ApiUser user, String... roles) {
        accessControl.setRoles(user, Set.of(roles));
    }

    /** Denies {@link #user()} this company from now on: 403. */
    public void hideCompany(String companyId) {
        accessControl.hide(companyId);
    }

    /** Adds an active credential with an initial key that works. */
    public void addCredential(String companyId, String apiCredentialId) {
        fleet.add(new CredentialId(companyId, apiCredentialId));
    }

    /** Adds an active credential that has no client key yet. */
    public void addCredentialWithoutKey(String companyId, String apiCredentialId) {
        fleet.addWithoutKey(new CredentialId(companyId, apiCredentialId));
    }

    public void setActive(String companyId, String apiCredentialId, boolean active) {
        fleet.setState(new CredentialId(companyId, apiCredentialId), active ? State.ACTIVE : State.INACTIVE);
    }

    public void removeCredential(String companyId, String apiCredentialId) {
        fleet.setState(new CredentialId(companyId, apiCredentialId), State.REMOVED);
    }

    /**
     * Generates a key as a person does in Adyen's Customer Area: without a call of the service.
     *
     * @throws IllegalArgumentException if there is no such active credential
     */
    public Generation rotateByHand(String companyId, String apiCredentialId) {
        CredentialId id = new CredentialId(companyId, apiCredentialId);
        return fleet.generate(id, null)
                .orElseThrow(() -> new IllegalArgumentException("no such active credential: " + id));
    }

    /** The activation delay of keys generated from now on, 3 minutes by default. */
    public void activationDelay(Duration delay) {
        fleet.setActivationDelay(delay);
    }

    /** Enables or disables Idempotency-Key, which is enabled by default. */
    public void idempotency(boolean enabled) {
        idempotency.setEnabled(enabled);
    }

    /**
     * The latency of every call from now on, zero by default. The operation runs at its end, just before the response.
     */
    public void latency(Duration usual) {
        latency.setUsual(usual);
    }

    /** The latency of a share (0 to 1) of all calls. */
    public void tail(double share, Duration latency) {
        this.latency.setTail(share, latency);
    }

    public Faults faults() {
        return faults;
    }

    public GroundTruth truth() {
        return new GroundTruth(fleet, log);
    }

    /** The received requests, oldest first, at most the last 100,000. */
    public List<ReceivedRequest> requests() {
        return log.all();
    }

    /** The received calls of generateClientKey. */
    public List<ReceivedRequest> generateRequests() {
        return requests().stream()
                .filter(request -> request.path().endsWith("/generateClientKey"))
                .toList();
    }

    /**
     * Calls the listener for each request when its response is decided. It runs on the event loop and must not block.
     */
    public void onRequest(Consumer<ReceivedRequest> listener) {
        log.setListener(listener);
    }

    @Override
    public void close() {
        http.close();
    }
}
