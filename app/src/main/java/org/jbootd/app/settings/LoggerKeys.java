package org.jbootd.app.settings;

import java.util.List;

/** Where log lines go: {@code [logger]}. */
final class LoggerKeys {

    private LoggerKeys() {}

    static List<KeyDoc> all() {
        return new KeyTable("logger")
                .key(
                        "type",
                        "`stderr`, `stdout`, `file`, `syslog` or `none`",
                        "`stderr`",
                        "file",
                        "Where log lines go.")
                .key(
                        "level",
                        "`debug`, `info`, `warning`, `error` or `critical`",
                        "`info`",
                        "warning",
                        "The least important lines that are kept. `all` is `debug`; `critical` keeps only what ends the daemon.")
                .key(
                        "file",
                        "path",
                        "required with `type = file`",
                        "/var/log/jbootd.log",
                        "The log file; lines are appended. A relative path starts at the configuration file's directory.")
                .rows();
    }
}
