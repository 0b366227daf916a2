/**
 * The sandbox: everything that key rotation needs around it, on loopback and in this JVM.
 *
 * <pre>
 *   SandboxBroker             a real Kafka broker (KRaft), with Topics to write and read them
 *   SimulatedManagementApi    Adyen's Management API as far as rotation needs it
 *       HttpFront ─► Dispatcher ─► Users (who may) ─► Faults (what goes wrong) ─► Idempotency ─► Fleet (the truth)
 *   SandboxExtension          gives both to JUnit tests
 * </pre>
 *
 * It lives in the test tree, so that no production jar carries it. Tests use it, and so does {@code mvn -Psandbox}.
 */
@NullMarked
package org.keyrotation.sandbox;

import org.jspecify.annotations.NullMarked;
