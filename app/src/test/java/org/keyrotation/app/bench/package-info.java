/**
 * {@code mvn -Pbench verify}: how fast the packaged app is, beside a bare baseline that makes the same calls and writes.
 *
 * <pre>
 *  Bench ─► Scenario × Implementation × round ─► BenchmarkRun ─► Sample ─► Report
 *             │                               │
 *    broker, API: JVMs of their own    app, or Baseline: a JVM of its own
 * </pre>
 *
 * <p>A figure is believed only where {@link org.keyrotation.app.bench.Verification} finds nothing wrong with its run.
 */
@NullMarked
package org.keyrotation.app.bench;

import org.jspecify.annotations.NullMarked;
