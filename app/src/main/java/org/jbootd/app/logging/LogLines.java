package org.jbootd.app.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The forms that a log line takes, and where it is written. */
final class LogLines {

    /** A message never breaks its line, whatever a client has put into it. */
    private static final String TEXT = "%-5level %logger{0}: %replace(%msg){'\\p{Cntrl}', ' '}%n";

    private static final String AT_A_TERMINAL = "%d{HH:mm:ss.SSS} " + TEXT;
    private static final String IN_A_FILE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} " + TEXT;

    private LogLines() {}

    /** @param target {@code System.err} or {@code System.out} */
    static Appender<ILoggingEvent> toStream(LoggerContext context, String target) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget(target);
        appender.setEncoder(encoder(context, AT_A_TERMINAL));
        appender.start();
        return appender;
    }

    static Appender<ILoggingEvent> toFile(LoggerContext context, Path file) {
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setContext(context);
        appender.setFile(file.toString());
        appender.setAppend(true);
        appender.setEncoder(encoder(context, IN_A_FILE));
        appender.start();
        return appender;
    }

    private static PatternLayoutEncoder encoder(LoggerContext context, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setPattern(pattern);
        encoder.start();
        return encoder;
    }
}
