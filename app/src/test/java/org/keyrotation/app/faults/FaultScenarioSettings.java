package org.keyrotation.app.faults;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.keyrotation.routes.api.ApiHttpClient;
import org.keyrotation.routes.drift.DriftSettings;

/**
 * The size of a scenario, from the properties {@code soak.*}.
 *
 * @param rotations number of requested credentials
 * @param restarts number of graceful restarts of an instance
 * @param faults share of calls that meet a fault, 0 to 1
 * @param atLeast the scenario starts further rounds until this time has passed
 * @param idempotency whether the API honours Idempotency-Key
 * @param httpClient the HTTP client of the instances, by default that of the seed
 * @param drift what the instances do with keys that people rotate by hand meanwhile; nobody does if it is off
 */
record FaultScenarioSettings(
        int rotations,
        int kills,
        int pauses,
        int restarts,
        int instances,
        double faults,
        long seed,
        Duration atLeast,
        boolean idempotency,
        ApiHttpClient httpClient,
        DriftSettings.Mode drift) {

    /** One instance without disruptions. Only the seed is a property, to reproduce a failure. */
    static FaultScenarioSettings calm(int rotations, double faults, boolean idempotency) {
        return calm(rotations, faults, idempotency, configuredSeed());
    }

    private static FaultScenarioSettings calm(int rotations, double faults, boolean idempotency, long seed) {
        return new FaultScenarioSettings(
                rotations,
                0,
                0,
                0,
                1,
                faults,
                seed,
                Duration.ZERO,
                idempotency,
                httpClient(seed),
                DriftSettings.Mode.OFF);
    }

    FaultScenarioSettings disrupted(int newInstances, int newKills, int newPauses, int newRestarts) {
        return new FaultScenarioSettings(
                rotations,
                newKills,
                newPauses,
                newRestarts,
                newInstances,
                faults,
                seed,
                atLeast,
                idempotency,
                httpClient,
                drift);
    }

    FaultScenarioSettings withSeed(long newSeed) {
        return new FaultScenarioSettings(
                rotations,
                kills,
                pauses,
                restarts,
                instances,
                faults,
                newSeed,
                atLeast,
                idempotency,
                httpClient(newSeed),
                drift);
    }

    static FaultScenarioSettings ofProperties() {
        long seed = configuredSeed();
        return new FaultScenarioSettings(
                Integer.getInteger("soak.rotations", 5_000),
                Integer.getInteger("soak.kills", 50),
                Integer.getInteger("soak.pauses", 10),
                Integer.getInteger("soak.restarts", 10),
                Integer.getInteger("soak.instances", 3),
                Double.parseDouble(System.getProperty("soak.faults", "0.2")),
                seed,
                Duration.ofMinutes(Integer.getInteger("soak.minutes", 0)),
                Boolean.parseBoolean(System.getProperty("soak.idempotency", "true")),
                httpClient(seed),
                DriftSettings.Mode.valueOf(
                        System.getProperty("soak.drift", "publish").toUpperCase(Locale.ROOT)));
    }

    FaultScenarioSettings with(ApiHttpClient newHttpClient) {
        return new FaultScenarioSettings(
                rotations,
                kills,
                pauses,
                restarts,
                instances,
                faults,
                seed,
                atLeast,
                idempotency,
                newHttpClient,
                drift);
    }

    FaultScenarioSettings with(DriftSettings.Mode newDrift) {
        return new FaultScenarioSettings(
                rotations,
                kills,
                pauses,
                restarts,
                instances,
                faults,
                seed,
                atLeast,
                idempotency,
                httpClient,
                newDrift);
    }

    boolean hasPeople() {
        return drift != DriftSettings.Mode.OFF;
    }

    /** The property soak.http-client, or else the two clients in turn. */
    private static ApiHttpClient httpClient(long seed) {
        String configured = System.getProperty("soak.http-client", "");
        ApiHttpClient[] clients = ApiHttpClient.values();
        return Arrays.stream(clients)
                .filter(client -> client.component().equals(configured))
                .findFirst()
                .orElse(clients[Math.floorMod(seed, clients.length)]);
    }

    private static long configuredSeed() {
        String configured = System.getProperty("soak.seed", "");
        return configured.isBlank() ? new SecureRandom().nextInt(1_000_000) : Long.parseLong(configured);
    }
}
