/**
 * From properties to settings, with all problems at once.
 *
 * <pre>
 * ExternalProperties (Spring) ─┐
 * system properties ───────────┤
 * environment ─────────────────┼─► SettingsReader ─┬─► a settings record of each package
 * Camel's property sources ────┘                   └─► InvalidSettingsException: every problem, a line each
 * </pre>
 *
 * <p>Each package has its own settings record and reads it here ({@code XxxSettings.read}). {@link
 * org.keyrotation.routes.RotationSettings} composes them.
 *
 * <p>System properties and the environment hold literal text; the values of the other two may hold placeholders. White space
 * around a value is no part of it.
 *
 * <p>Public types: {@code SettingsReader} with {@code ApplicationCallbacks}; {@code PropertyFunctions} and {@code
 * InvisibleCharacters}, for text that is no setting of ours; {@code InvalidSettingsException}; {@code ExternalProperties}, which
 * a host application implements.
 */
@NullMarked
package org.keyrotation.routes.config;

import org.jspecify.annotations.NullMarked;
