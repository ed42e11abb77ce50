package org.jbootd.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.leases.DatabaseLedger;
import org.jbootd.app.leases.Ledger;
import org.jbootd.app.leases.LedgerCheck;
import org.jbootd.app.leases.LedgerProblem;
import org.jbootd.app.leases.Printing;
import org.jbootd.app.leases.RemoteLedger;
import org.jbootd.app.leases.StoppedLedger;
import org.jbootd.app.logging.Logging;
import org.jbootd.app.settings.BootpSettings;
import org.jbootd.app.settings.LeaseSettings;
import org.jbootd.app.settings.LoggerSettings;
import org.jbootd.app.settings.Settings;
import org.jbootd.app.settings.SubnetSettings;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.persistence.ChainCheck;
import org.jbootd.persistence.ChainHead;
import org.jbootd.persistence.StoreRefused;
import org.jbootd.persistence.StoreSettings;
import org.jbootd.persistence.postgres.PostgresLeaseStore;
import org.jbootd.persistence.postgres.PostgresSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code jbootd leases}: what is leased, who had what when, and orders of the operator's. */
@Command(
        name = "leases",
        description = "Ask for leases and their history, and change leases, whether the daemon runs or not.",
        subcommands = {
            LeaseQuestions.ListLeases.class,
            LeaseQuestions.WhoHad.class,
            LeaseQuestions.History.class,
            LeaseQuestions.Timeline.class,
            LeaseQuestions.Refusals.class,
            LeaseQuestions.Sql.class,
            LeaseQuestions.Export.class,
            VerifyCommand.class,
            BackupCommands.Backup.class,
            BackupCommands.Restore.class,
            LeaseOrders.Release.class,
            LeaseOrders.Reserve.class,
            ImportCommand.class,
            MoveCommand.class
        })
final class LeasesCommand implements Callable<Integer> {

    @ParentCommand
    private Jbootd jbootd;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--data-dir",
            paramLabel = "DIRECTORY",
            scope = ScopeType.INHERIT,
            description = "ask this data directory, or the daemon that has it, whatever a configuration says")
    private Optional<Path> dataDirectory = Optional.empty();

    @Override
    public Integer call() {
        throw new ParameterException(command.commandLine(), "say what about the leases: one of the commands below");
    }

    /** Something that is done with a ledger. */
    interface Work {
        int with(Ledger ledger) throws LedgerProblem;
    }

    /** Opens the ledger of the configuration, does {@code work}, and says what went wrong. @return the exit status */
    int run(CommandSpec verb, Work work) {
        return dataDirectory.isPresent()
                ? ask(verb, dataDirectory.get().toAbsolutePath(), work)
                : runConfigured(verb, work);
    }

    private int runConfigured(CommandSpec verb, Work work) {
        Jbootd.ReadConfiguration read = jbootd.read(new Findings());
        if (read.settings().isEmpty()) {
            return read.status();
        }
        Optional<Settings.Dhcp> dhcp = read.settings().get().dhcp();
        Optional<LeaseSettings> leases = dhcp.flatMap(Settings.Dhcp::leases);
        if (leases.isEmpty()) {
            return failed(verb, read.name() + " gives no addresses, and so has no leases");
        }
        BootpSettings bootp = dhcp.get().bootp();
        List<Subnet> subnets =
                bootp.subnets().all().stream().map(SubnetSettings::subnet).toList();
        return run(verb, work, () -> configured(leases.get(), subnets, bootp.identification()));
    }

    private static Ledger configured(LeaseSettings leases, List<Subnet> subnets, Identification identification)
            throws LedgerProblem, IOException {
        Optional<Ledger> running = RemoteLedger.connect(leases.ownDirectory());
        if (running.isPresent()) {
            return running.get();
        }
        return leases.database().isPresent()
                ? DatabaseLedger.open(leases.database().get(), subnets, identification)
                : stopped(leases.ownDirectory(), subnets, identification);
    }

    /** Without a configuration nothing is known of networks, so that orders have to go to a daemon. */
    private static int ask(CommandSpec verb, Path directory, Work work) {
        return run(verb, work, () -> named(directory));
    }

    private static Ledger named(Path directory) throws LedgerProblem, IOException {
        Optional<Ledger> running = RemoteLedger.connect(directory);
        if (running.isEmpty() && PostgresLeaseStore.isMemory(directory)) {
            throw new LedgerProblem(
                    "the leases of " + directory + " are in a database, and no daemon runs on it: give the"
                            + " configuration with -c in the place of --data-dir");
        }
        return running.isPresent() ? running.get() : stopped(directory, List.of(), Identification.HARDWARE);
    }

    private interface Opening {
        Ledger open() throws LedgerProblem, IOException;
    }

    private static int run(CommandSpec verb, Work work, Opening opening) {
        try {
            Logging.set(LoggerSettings.NOTHING);
            try (Ledger ledger = opening.open()) {
                return work.with(ledger);
            }
        } catch (LedgerProblem | StoreRefused | IOException problem) {
            return failed(verb, problem.getMessage());
        }
    }

    static int failed(CommandSpec verb, String why) {
        verb.commandLine().getOut().flush();
        verb.commandLine().getErr().println("jbootd: " + why);
        return Jbootd.REFUSED;
    }

    /** Of a data directory that no daemon has. */
    private static Ledger stopped(Path directory, List<Subnet> subnets, Identification identification)
            throws LedgerProblem, IOException {
        if (!Files.isDirectory(directory)) {
            throw new LedgerProblem("there is no data directory " + directory
                    + ": no lease was ever given by it; to import some, make it");
        }
        refuseAsAnother(directory);
        return StoppedLedger.open(new StoreSettings(directory), subnets, identification);
    }

    /** What this process writes belongs to its user; the daemon could not use it. */
    static void refuseAsAnother(Path directory) throws LedgerProblem, IOException {
        if (!Files.isDirectory(directory)) {
            throw new LedgerProblem("there is no directory " + directory);
        }
        String owner = Files.getOwner(directory).getName();
        Path probe = Files.createTempFile("jbootd-", ".probe");
        try {
            String user = Files.getOwner(probe).getName();
            if (!owner.equals(user)) {
                throw new LedgerProblem(directory + " is " + owner + "'s, and the daemon does not run: run this as "
                        + owner + ", as in 'sudo -u " + owner + " jbootd leases …', or start the daemon");
            }
        } finally {
            Files.delete(probe);
        }
    }

    /**
     * Compares the leases with their history, follows its hash chain, and prints what was found.
     *
     * @param noted heads that the chain had
     * @return the exit status
     */
    int verify(CommandSpec verb, List<ChainHead> noted) {
        return run(verb, ledger -> {
            List<String> report = new ArrayList<>();
            boolean holds = LedgerCheck.run(ledger, report) & ChainCheck.run(ledger::ask, noted, report);
            report.forEach(verb.commandLine().getOut()::println);
            verb.commandLine().getOut().flush();
            return holds ? Jbootd.FINE : Jbootd.REFUSED;
        });
    }

    /** The data directory of the command line, or of the configuration. @throws LedgerProblem when neither names one */
    Path directory() throws LedgerProblem {
        if (dataDirectory.isPresent()) {
            return dataDirectory.get().toAbsolutePath();
        }
        LeaseSettings leases = settings()
                .orElseThrow(() -> new LedgerProblem("no configuration names a data directory; --data-dir does"));
        if (leases.database().isPresent()) {
            throw new LedgerProblem(leases.database().get().restoreCommand());
        }
        return leases.ownDirectory();
    }

    /** The database of the configuration. @throws LedgerProblem when leases are kept elsewhere */
    PostgresSettings database() throws LedgerProblem {
        if (dataDirectory.isPresent()) {
            throw new LedgerProblem("--data-dir says nothing here: name the directory alone, and the database by -c");
        }
        LeaseSettings leases = settings().orElseThrow(() -> new LedgerProblem("no configuration names a database"));
        return leases.database()
                .orElseThrow(() -> new LedgerProblem("the configuration keeps leases in " + leases.inWords()
                        + ", and not in a database: write [leases] url = " + PostgresSettings.PREFIX
                        + "//HOST/DATABASE where they shall go"));
    }

    private Optional<LeaseSettings> settings() {
        return jbootd.read(new Findings()).settings().flatMap(Settings::dhcp).flatMap(Settings.Dhcp::leases);
    }

    /** Asks, and prints the answer. @param nothing said to people when it is empty */
    static int ask(CommandSpec verb, Ledger ledger, Printing.Form form, String sql, List<?> arguments, String nothing)
            throws LedgerProblem {
        PrintWriter out = verb.commandLine().getOut();
        try (Printing printing = Printing.of(form, out)) {
            ledger.ask(sql, arguments, printing);
            if (printing.count() == 0 && form == Printing.Form.TABLE && !nothing.isEmpty()) {
                out.println(nothing);
            }
        }
        return Jbootd.FINE;
    }

    /** Reads an argument. @param name as the usage has it */
    static <T> T parsed(CommandSpec verb, String name, String text, ITypeConverter<T> parser) {
        try {
            return parser.convert(text);
        } catch (Exception problem) {
            throw new ParameterException(verb.commandLine(), name + ": " + problem.getMessage(), problem);
        }
    }
}
