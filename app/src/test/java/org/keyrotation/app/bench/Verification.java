package org.keyrotation.app.bench;

import static java.util.stream.Collectors.toMap;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Verifies that a run did its work: the figures of an incomplete run are meaningless. */
final class Verification {

    private Verification() {}

    static List<String> problems(
            Scenario scenario,
            List<ResultConsumer.Result> results,
            ApiFigures api,
            long ledgerEntries,
            long uncommitted) {
        List<String> problems = new ArrayList<>();
        int requests = scenario.requests();
        expect(problems, "results", requests, results.size());
        expect(problems, "requests with a result", requests, distinct(results));
        expect(problems, "results out of order", 0, outOfOrder(results));
        expect(problems, "calls of generateClientKey", requests, api.posts());
        expect(problems, "keys generated", requests, api.generations());
        expect(problems, "checksum of the credentials' keys", api.currentKeys(), checksum(results));
        expect(problems, "calls", scenario.readBack() ? 2L * requests : requests, api.calls());
        expect(problems, "failed calls", 0, api.failures());
        expect(problems, "concurrent calls for one credential", 1, api.maxInFlightPerCredential());
        expect(problems, "uncommitted requests", 0, uncommitted);
        long minimum = scenario.ledgerCredentials() + 2L * requests; // a rebalance may add some
        if (ledgerEntries < minimum) {
            problems.add("ledger entries: " + ledgerEntries + ", expected at least " + minimum);
        }
        return problems;
    }

    private static void expect(List<String> problems, String name, long expected, long found) {
        if (expected != found) {
            problems.add(name + ": " + found + ", expected " + expected);
        }
    }

    private static int distinct(List<ResultConsumer.Result> results) {
        BitSet seen = new BitSet();
        results.forEach(result -> seen.set(result.request()));
        return seen.cardinality();
    }

    private static long checksum(List<ResultConsumer.Result> results) {
        return LoadGenerator.checksum(results.stream()
                .collect(toMap(
                        ResultConsumer.Result::credential, ResultConsumer.Result::clientKey, (before, last) -> last)));
    }

    private static long outOfOrder(List<ResultConsumer.Result> results) {
        Map<String, Integer> latest = new HashMap<>();
        return results.stream()
                .filter(result -> {
                    Integer before = latest.put(result.credential(), result.request());
                    return before != null && before > result.request();
                })
                .count();
    }
}
