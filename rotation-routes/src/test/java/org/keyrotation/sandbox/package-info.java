/**
 * The sandbox: a Kafka broker and a simulated Management API, both on loopback and in this JVM.
 *
 * <pre>
 *   SandboxBroker             a real Kafka broker (KRaft); TopicClient writes and reads its topics
 *   SimulatedManagementApi    Adyen's Management API, as far as a rotation needs it
 *       ApiServer ─► Dispatcher ─► AccessControl ─► Faults ─► IdempotencyStore ─► SimulatedFleet (the ground truth)
 *   SandboxExtension          injects both into JUnit tests
 * </pre>
 *
 * <p>It is in the test tree, so that no production jar contains a broker. Tests use it, and so does {@code mvn
 * -Psandbox}. Public types: {@link org.keyrotation.sandbox.SandboxBroker}, {@link org.keyrotation.sandbox.TopicClient},
 * {@link org.keyrotation.sandbox.SimulatedManagementApi} with {@link org.keyrotation.sandbox.ApiOptions}, {@link
 * org.keyrotation.sandbox.Faults} and {@link org.keyrotation.sandbox.GroundTruth}, and {@link
 * org.keyrotation.sandbox.SandboxExtension}.
 */
@NullMarked
package org.keyrotation.sandbox;

import org.jspecify.annotations.NullMarked;
