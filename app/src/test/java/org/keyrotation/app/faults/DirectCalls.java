package org.keyrotation.app.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.keyrotation.app.AppProcess;
import org.keyrotation.model.CredentialId;

/** The calls of the direct endpoint in several {@link DirectHost} processes, with their answers. */
final class DirectCalls implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final FaultTestFixture fixture;
    private final List<Instance> hosts;
    private final List<Call> calls = new ArrayList<>();
    private final Map<Integer, String> answersOfKilledHosts = new TreeMap<>();

    private record Call(int number, int host, CredentialId credential) {}

    /** Starts the hosts and waits until they are ready. */
    DirectCalls(FaultTestFixture fixture, int hostCount) {
        this.fixture = fixture;
        this.hosts = Stream.generate(this::startHost).limit(hostCount).collect(Collectors.toCollection(ArrayList::new));
        hosts.forEach(host -> host.process().awaitReady());
    }

    /** The minimum interval has its default value, so only the first request for a credential rotates it. */
    private Instance startHost() {
        return fixture.start(fixture.configured(AppProcess.ofTestClass(DirectHost.class))
                .property("logback.configurationFile", "logback.xml") // the app's instead of the tests'
                .property("rotation.min-interval", "PT24H"));
    }

    Instance host(int index) {
        return hosts.get(index);
    }

    int count() {
        return calls.size();
    }

    void call(int host, CredentialId credential) {
        Call call = new Call(calls.size(), host, credential);
        calls.add(call);
        send(call);
    }

    /** Calls every host for each credential, and returns the number of each answer. */
    Map<String, Long> callAllHosts(List<CredentialId> credentials) {
        int first = calls.size();
        credentials.forEach(credential -> IntStream.range(0, hosts.size()).forEach(host -> call(host, credential)));
        return awaitAnswers(first);
    }

    /** Kills a host. A new one makes the calls that it has not answered. */
    void killAndReplace(int index) {
        Instance killed = hosts.get(index);
        killed.close();
        Map<Integer, String> answers = answers(killed);
        Instance replacement = startHost();
        hosts.set(index, replacement);
        replacement.process().awaitReady();
        calls.stream()
                .filter(call -> call.host() == index && !answers.containsKey(call.number()))
                .forEach(this::send);
        answersOfKilledHosts.putAll(answers);
    }

    /** Waits for the answers to all calls from this number on, and returns the number of each answer. */
    Map<String, Long> awaitAnswers(int first) {
        Awaitility.await("answers to all calls")
                .atMost(TIMEOUT)
                .until(() -> answers().size() == calls.size());
        return answers().tailMap(first).values().stream()
                .collect(Collectors.groupingBy(answer -> answer, TreeMap::new, Collectors.counting()));
    }

    private SortedMap<Integer, String> answers() {
        SortedMap<Integer, String> answers = new TreeMap<>(answersOfKilledHosts);
        hosts.forEach(host -> answers.putAll(answers(host)));
        return answers;
    }

    private static Map<Integer, String> answers(Instance host) {
        return host.process()
                .lines()
                .filter(line -> line.startsWith(DirectHost.ANSWER))
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(line -> Integer.valueOf(line[1]), line -> line[2]));
    }

    private void send(Call call) {
        CredentialId credential = call.credential();
        host(call.host())
                .process()
                .send("%d %s %s".formatted(call.number(), credential.companyId(), credential.apiCredentialId()));
    }

    @Override
    public void close() {
        hosts.forEach(Instance::close);
    }
}
