package org.jbootd.app.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jbootd.app.daemon.Daemon;
import org.jbootd.app.demo.DemoCommand;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.logging.Logging;
import org.jbootd.app.settings.LoggerSettings;
import org.jbootd.app.settings.Settings;
import org.jbootd.persistence.StoreRefused;
import org.jbootd.udp.BindFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code jbootd}: without a verb it is the daemon. */
@Command(
        name = "jbootd",
        versionProvider = Version.class,
        subcommands = {
            CheckCommand.class,
            ExplainCommand.class,
            FetchCommand.class,
            LeasesCommand.class,
            RepairCommand.class,
            DemoCommand.class,
            RehearseCommand.class
        },
        description = "Boots machines over the network: BOOTP, DHCP, PXE and TFTP.",
        footer = "%nWithout -c the first of jbootd.ini, pybootd.ini and /etc/jbootd/jbootd.ini is read.")
public final class Jbootd implements Callable<Integer> {

    /** The daemon stopped when it was told to, or there was nothing wrong. */
    public static final int FINE = 0;

    /** What the configuration wants cannot be. */
    public static final int REFUSED = 1;

    /** The command line asks for what there is not. */
    public static final int MISUSED = 2;

    @Spec
    private CommandLine.Model.CommandSpec command;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "the configuration file")
    private Optional<Path> configuration = Optional.empty();

    @Option(
            names = {"-p", "--pxe"},
            scope = ScopeType.INHERIT,
            description = "DHCP, BOOTP and PXE only; no TFTP")
    private boolean pxeOnly;

    @Option(
            names = {"-t", "--tftp"},
            scope = ScopeType.INHERIT,
            description = "TFTP only; no DHCP")
    private boolean tftpOnly;

    @Option(
            names = {"-d", "--debug"},
            scope = ScopeType.INHERIT,
            hidden = true,
            description = "of pybootd, which then explained its failures; that is always so here")
    private boolean debug;

    @Option(
            names = {"-H", "--http"},
            scope = ScopeType.INHERIT,
            hidden = true,
            description = "of pybootd")
    private boolean http;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show this help and end")
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "show the version and end")
    private boolean version;

    /** Runs the command and ends the process with its status: 0, {@link #REFUSED} or {@link #MISUSED}. */
    public static void main(String[] arguments) {
        // Guice would warn about its own use of sun.misc.Unsafe on Java 25
        System.setProperty("guice_bytecode_gen_option", "DISABLED");
        StandardOutput output = StandardOutput.watched();
        CommandLine command = commandLine();
        int status = command.execute(arguments);
        command.getOut().flush();
        System.exit(output.status(status, command.getErr()));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Jbootd())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    command.getErr().println("jbootd: " + problem);
                    problem.printStackTrace(command.getErr());
                    return REFUSED;
                });
    }

    @Override
    public Integer call() {
        Findings findings = new Findings();
        ReadConfiguration read = read(findings);
        if (read.settings().isEmpty()) {
            return read.status();
        }
        Settings settings = read.settings().get();
        try {
            Logging.set(settings.logger());
        } catch (IOException problem) {
            err("jbootd: " + problem.getMessage());
            return REFUSED;
        }
        Daemon daemon = new Daemon(settings);
        Ending ending = new Ending(daemon);
        Hangup.runs(new Reloading(this::load, daemon, settings.logger())::reload);
        Logger log = LoggerFactory.getLogger("jbootd.daemon");
        log.info("jbootd {} with {}", Version.text(), read.name());
        findings.warnings().forEach(log::warn);
        try {
            return run(daemon, ending);
        } catch (BindFailure | StoreRefused problem) {
            if (settings.logger().target() != LoggerSettings.Target.STDERR) {
                log.error(problem.getMessage());
            }
            Logging.stop();
            err("jbootd: " + problem.getMessage());
            return REFUSED;
        }
    }

    private static int run(Daemon daemon, Ending ending) {
        boolean started = false;
        try {
            daemon.start();
            started = true;
        } catch (InterruptedException told) {
            return REFUSED;
        } finally {
            if (!started) {
                ending.watchNoMore();
            }
        }
        ending.await();
        return FINE;
    }

    /** What became of the configuration. @param status of the process, when there are no settings */
    record ReadConfiguration(String name, Optional<Settings> settings, int status) {}

    /** Reads it, and says on stderr what is wrong with it. */
    ReadConfiguration read(Findings findings) {
        services(); // a wrong command line comes first
        try {
            Optional<Settings> settings = load(findings);
            findings.mistakes().forEach(this::err);
            return new ReadConfiguration(file().toString(), settings, REFUSED);
        } catch (ConfigurationFile.Missing missing) {
            err("jbootd: " + missing.getMessage());
            return new ReadConfiguration("", Optional.empty(), MISUSED);
        } catch (IOException problem) {
            err("jbootd: " + problem.getMessage());
            return new ReadConfiguration("", Optional.empty(), REFUSED);
        }
    }

    private Path file() throws ConfigurationFile.Missing {
        return ConfigurationFile.find(configuration);
    }

    private Optional<Settings> load(Findings findings) throws IOException {
        Path file = file();
        try {
            ConfigurationFile.refuseOthers(file);
            return Settings.read(file, file.toString(), services(), HostNetworks.ofThisHost(), findings);
        } catch (AccessDeniedException denied) {
            throw new IOException(
                    "'" + file + "' cannot be read by user " + System.getProperty("user.name")
                            + ": change the mode of the file, or of a directory that leads to it",
                    denied);
        } catch (IOException problem) {
            throw new IOException("'" + file + "' cannot be read: " + problem.getMessage(), problem);
        }
    }

    private Settings.Services services() {
        if (http) {
            throw new ParameterException(
                    command.commandLine(), "-H: files are not served by HTTP in this version; start it without");
        }
        if (pxeOnly && tftpOnly) {
            throw new ParameterException(
                    command.commandLine(), "-p and -t exclude each other: each leaves one service out");
        }
        if (pxeOnly) {
            return Settings.Services.DHCP_ONLY;
        }
        return tftpOnly ? Settings.Services.TFTP_ONLY : Settings.Services.BOTH;
    }

    private void err(String line) {
        command.commandLine().getErr().println(line);
    }
}
