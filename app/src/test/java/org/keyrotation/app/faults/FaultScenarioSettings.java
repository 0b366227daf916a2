package org.keyrotation.app.faults;

import java.security.SecureRandom;
import java.time.Duration;

/**
 * The size of a scenario, from the properties {@code soak.*}.
 *
 * @param rotations number of requested credentials
 * @param restarts number of graceful restarts of an instance
 * @param faults share of calls that meet a fault, 0 to 1
 * @param atLeast the scenario starts further rounds until this time has passed
 * @param idempotency whether the API honours Idempotency-Key
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
        boolean idempotency) {

    /** One instance without disruptions. Only the seed is a property, to reproduce a failure. */
    static FaultScenarioSettings calm(int rotations, double faults, boolean idempotency) {
        return new FaultScenarioSettings(rotations, 0, 0, 0, 1, faults, configuredSeed(), Duration.ZERO, idempotency);
    }

    FaultScenarioSettings disrupted(int newInstances, int newKills, int newPauses, int newRestarts) {
        return new FaultScenarioSettings(
                rotations, newKills, newPauses, newRestarts, newInstances, faults, seed, atLeast, idempotency);
    }

    FaultScenarioSettings withSeed(long newSeed) {
        return new FaultScenarioSettings(
                rotations, kills, pauses, restarts, instances, faults, newSeed, atLeast, idempotency);
    }

    static FaultScenarioSettings ofProperties() {
        return new FaultScenarioSettings(
                Integer.getInteger("soak.rotations", 5_000),
                Integer.getInteger("soak.kills", 50),
                Integer.getInteger("soak.pauses", 10),
                Integer.getInteger("soak.restarts", 10),
                Integer.getInteger("soak.instances", 3),
                Double.parseDouble(System.getProperty("soak.faults", "0.2")),
                configuredSeed(),
                Duration.ofMinutes(Integer.getInteger("soak.minutes", 0)),
                Boolean.parseBoolean(System.getProperty("soak.idempotency", "true")));
    }

    private static long configuredSeed() {
        String configured = System.getProperty("soak.seed", "");
        return configured.isBlank() ? new SecureRandom().nextInt(1_000_000) : Long.parseLong(configured);
    }
}
