package org.jbootd.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes to this host's system log, as every daemon does: through the C library. */
final class SyslogLines extends AppenderBase<ILoggingEvent> {

    /** {@code syslog(3)}. */
    interface SystemLog extends Library {

        void openlog(Pointer identity, int options, int facility);

        void syslog(int priority, String format, Object... arguments);

        void closelog();
    }

    private static final int WITH_PID = 0x01;
    private static final int DAEMON = 3 << 3;
    private static final int ERROR = 3;
    private static final int WARNING = 4;
    private static final int INFO = 6;
    private static final int DEBUG = 7;

    private final SystemLog log;

    /** The C library keeps the pointer, so the memory has to stay. */
    private final Memory identity;

    /** @throws UnsatisfiedLinkError on a system without {@code syslog(3)} */
    SyslogLines() {
        log = Native.load("c", SystemLog.class, Map.of(Library.OPTION_STRING_ENCODING, StandardCharsets.UTF_8.name()));
        identity = new Memory(16);
        identity.setString(0, "jbootd");
    }

    @Override
    public void start() {
        log.openlog(identity, WITH_PID, DAEMON);
        super.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        log.syslog(priority(event.getLevel()), "%s", text(event));
    }

    private static String text(ILoggingEvent event) {
        IThrowableProxy cause = event.getThrowableProxy();
        String logger = event.getLoggerName();
        String text = logger.substring(logger.lastIndexOf('.') + 1) + ": " + event.getFormattedMessage()
                + (cause == null ? "" : ": " + cause.getClassName() + ": " + cause.getMessage());
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    private static int priority(Level level) {
        if (level.isGreaterOrEqual(Level.ERROR)) {
            return ERROR;
        }
        if (level.isGreaterOrEqual(Level.WARN)) {
            return WARNING;
        }
        return level.isGreaterOrEqual(Level.INFO) ? INFO : DEBUG;
    }

    @Override
    public void stop() {
        super.stop();
        log.closelog();
    }
}
