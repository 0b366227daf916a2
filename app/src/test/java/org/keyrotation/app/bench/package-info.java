/**
 * The benchmark {@code mvn -Pbench verify}: the distribution against a bare baseline with the same calls and records.
 *
 * <pre>
 *  Bench ─► round × Scenario × Implementation ─► BenchmarkRun ─► Run ─► RunLog (target/bench) ─► Report
 *             │                                       │
 *    broker, API: JVMs of their own       bin/key-rotation or Baseline: a JVM of its own
 * </pre>
 *
 * <p>Before the first round both implementations get the class archive, or AOT cache, of the {@code TestedJvm}. The report
 * contains a run only if {@link org.keyrotation.app.bench.Verification} finds no problem. Otherwise the benchmark prints
 * {@code INVALID RUN} and exits with 1.
 */
@NullMarked
package org.keyrotation.app.bench;

import org.jspecify.annotations.NullMarked;
