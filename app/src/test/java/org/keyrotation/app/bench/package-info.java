/**
 * The benchmark {@code mvn -Pbench verify}: the packaged app against a bare baseline with the same calls and records.
 *
 * <pre>
 *  Bench ─► Scenario × Implementation × round ─► BenchmarkRun ─► Sample ─► Report
 *             │                                       │
 *    broker, API: JVMs of their own        app or Baseline: a JVM of its own
 * </pre>
 *
 * <p>The report contains a run only if {@link org.keyrotation.app.bench.Verification} finds no problem. Otherwise the
 * benchmark prints {@code INVALID RUN} and exits with 1.
 */
@NullMarked
package org.keyrotation.app.bench;

import org.jspecify.annotations.NullMarked;
