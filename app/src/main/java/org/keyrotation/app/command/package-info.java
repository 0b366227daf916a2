/**
 * The commands, one class each. {@link org.keyrotation.app.command.KeyRotation} parses the arguments and runs one of them.
 *
 * <pre>
 * arguments ─► KeyRotation ─► a command ─┬─► CommandContext: settings, Kafka, ledger, API
 *                                        ├─► Output: data to standard output, as a table or as JSON
 *                                        └─► exit status, or an exception ─► CommandFailure: a line a problem
 * </pre>
 *
 * <p>Except for {@code serve} and {@code run}, a command reads topics and sends requests. It joins no consumer group and
 * generates no key.
 */
@NullMarked
package org.keyrotation.app.command;

import org.jspecify.annotations.NullMarked;
