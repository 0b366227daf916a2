package org.keyrotation.routes;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** An appender that records each log event in full: message, arguments, MDC and stack traces. */
final class RecordedLogs extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final LoggerContext backend = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Map<String, @Nullable Level> before = new HashMap<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** Sets the levels of these loggers by name; all others keep theirs. */
    static RecordedLogs at(Map<String, Level> levels) {
        RecordedLogs logs = new RecordedLogs();
        logs.setContext(logs.backend);
        logs.start();
        levels.forEach(logs::set);
        logs.root().detachAndStopAllAppenders();
        logs.root().addAppender(logs);
        return logs;
    }

    List<String> lines() {
        return lines;
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add("%s %s %s %s %s"
                .formatted(
                        event.getLevel(),
                        event.getLoggerName(),
                        event.getFormattedMessage(),
                        event.getMDCPropertyMap(),
                        ThrowableProxyUtil.asString(event.getThrowableProxy())));
    }

    @Override
    public void close() {
        before.forEach((name, level) -> backend.getLogger(name).setLevel(level));
        root().detachAppender(this);
    }

    private void set(String name, Level level) {
        Logger logger = backend.getLogger(name);
        before.put(name, logger.getLevel());
        logger.setLevel(level);
    }

    private Logger root() {
        return backend.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
}
