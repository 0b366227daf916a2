/**
 * Faults on purpose: the packaged app is killed, paused and lied to, and what became of each request is counted at a
 * simulated API that knows the truth.
 *
 * <pre>
 *   CrashPointIT, PausePointIT ──┐
 *   FaultScenarioIT, InstancesIT ────────┼─► FaultTestFixture (topics, API, what was asked) ─► History ─► Judge ─► Verdict
 *   Soak (mvn verify -Psoak) ────┘     ▲                                               (I1 to I6, by name)
 *                                      └── Instances (the app in JVMs of its own), RequestStream, FaultMix, FaultScenario
 * </pre>
 *
 * The suite knows the topics, the properties and the JSON; of the routes it knows the ids of the nodes at which a
 * {@link org.keyrotation.app.faults.CrashPoint} can hold them.
 */
@NullMarked
package org.keyrotation.app.faults;

import org.jspecify.annotations.NullMarked;
