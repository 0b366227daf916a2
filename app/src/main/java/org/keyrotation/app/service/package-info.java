/**
 * Camel Main with the configuration of the app: file, environment and system properties.
 *
 * <pre>
 * file ────────────► ConfigFile ──────────┐
 * environment ─────► CamelEnvironment ────┼─► Service ─► Camel Main
 * system properties ► LiteralProperties ──┘
 * </pre>
 */
@NullMarked
package org.keyrotation.app.service;

import org.jspecify.annotations.NullMarked;
