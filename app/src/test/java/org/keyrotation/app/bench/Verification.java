package org.keyrotation.app.bench;

import static java.util.stream.Collectors.toMap;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether a run did what it was to do: a figure of one that did not says nothing. */
final class Verification {

    private Verification() {}

    static List<String> problems(
            Scenario scenario, List<Results.Result> results, ApiFigures api, long ledgerEntries, long uncommitted) {
        List<String> problems = new ArrayList<>();
        int wanted = scenario.requests();
        expect(problems, "results", wanted, results.size());
        expect(problems, "requests with a result", wanted, distinct(results));
        expect(problems, "results out of order", 0, outOfOrder(results));
        expect(problems, "calls that generate a key", wanted, api.posts());
        expect(problems, "keys generated", wanted, api.generations());
        expect(problems, "checksum of the credentials' keys", api.currentKeys(), checksum(results));
        expect(problems, "calls", scenario.readBack() ? 2L * wanted : wanted, api.calls());
        expect(problems, "calls that failed", 0, api.failures());
        expect(problems, "calls at once for one credential", 1, api.maxOfOneCredential());
        expect(problems, "requests that are not committed", 0, uncommitted);
        long least = scenario.known() + 2L * wanted; // a rebalance may add some
        if (ledgerEntries < least) {
            problems.add("ledger entries: " + ledgerEntries + " instead of at least " + least);
        }
        return problems;
    }

    private static void expect(List<String> problems, String what, long expected, long found) {
        if (expected != found) {
            problems.add(what + ": " + found + " instead of " + expected);
        }
    }

    private static int distinct(List<Results.Result> results) {
        BitSet seen = new BitSet();
        results.forEach(result -> seen.set(result.request()));
        return seen.cardinality();
    }

    private static long checksum(List<Results.Result> results) {
        return Load.checksum(results.stream()
                .collect(toMap(Results.Result::credential, Results.Result::clientKey, (before, last) -> last)));
    }

    private static long outOfOrder(List<Results.Result> results) {
        Map<String, Integer> last = new HashMap<>();
        return results.stream()
                .filter(result -> {
                    Integer before = last.put(result.credential(), result.request());
                    return before != null && before > result.request();
                })
                .count();
    }
}
