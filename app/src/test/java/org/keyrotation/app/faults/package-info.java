/**
 * The fault suite: it kills and pauses the packaged app and injects faults into the API, then a judge verifies the
 * invariants I1 to I6 against the events and the simulated API's ground truth.
 *
 * <pre>
 *   CrashPointIT, PausePointIT ───────┐
 *   FaultScenarioIT, InstancesIT ─────┤
 *   GroupTakeoverIT, MixedVersionsIT ─┼─► FaultTestFixture (topics, API, sent requests) ─► History ─► Judge ─► Verdict
 *   Soak (mvn verify -Psoak) ─────────┘     ▲
 *   DirectEndpointFaultsIT, DirectCalls ────┤
 *                                           └── Instances (the app in child JVMs), RequestStream, FaultMix, FaultScenario
 * </pre>
 *
 * <p>The suite uses the public contract: topics, properties and JSON. Of the routes it knows only the step ids, at which
 * a {@link org.keyrotation.app.faults.CrashPoint} suspends an exchange.
 */
@NullMarked
package org.keyrotation.app.faults;

import org.jspecify.annotations.NullMarked;
