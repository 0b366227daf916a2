/**
 * The program: {@link org.keyrotation.app.RotationApp} runs one command and exits the JVM.
 *
 * <pre>
 * arguments ──► command ─┬─► serve:      service (Camel Main + RotationRoutes), until SIGTERM
 *                        ├─► plan, run:  job (the same, which stops by itself)
 *                        └─► all others: Camel Main without the service's routes, which read topics and send requests
 * file, environment ─► service: configuration of Camel Main
 * </pre>
 */
@NullMarked
package org.keyrotation.app;

import org.jspecify.annotations.NullMarked;
