/**
 * The service as a program of its own: {@link org.keyrotation.app.RotationApp} runs the rotation routes in Camel Main.
 *
 * <pre>
 * arguments ─► Arguments ─┐
 * file ──────► ConfigFile ┼─► Service (Camel Main + RotationRoutes) ─┬─► runs until SIGTERM
 * environment ────────────┘                                          └─► Job: --plan or --once, then exit
 * </pre>
 */
@NullMarked
package org.keyrotation.app;

import org.jspecify.annotations.NullMarked;
