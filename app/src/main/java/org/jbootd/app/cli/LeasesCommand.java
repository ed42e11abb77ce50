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
import org.jbootd.app.leases.RestingLedger;
import org.jbootd.app.leases.StoppedLedger;
import org.jbootd.app.leases.UnbegunLedger;
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
import org.jbootd.persistence.DataDirectory;
import org.jbootd.persistence.Permissions;
import org.jbootd.persistence.SqlAccess;
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

    /** Of the networks in the configuration; none before one was read. */
    private List<String> networks = List.of();

    @Override
    public Integer call() {
        throw new ParameterException(command.commandLine(), "say what about the leases: one of the commands below");
    }

    /** Something that is done with a ledger. */
    interface Work {
        int with(Ledger ledger) throws LedgerProblem;
    }

    /** What is done with a data directory that no daemon has. */
    enum Use {
        /** It is asked. */
        ASK,
        /** What is in it is worked with. */
        AS_IT_IS,
        /** The same, or it is found out what its first leases would be. */
        REHEARSE,
        /** Its first lease may be written, before the daemon's first start. */
        BEGIN
    }

    /** Opens the ledger of the configuration, does {@code work}, and says what went wrong. @return the exit status */
    int run(CommandSpec verb, Use use, Work work) {
        return runPrepared(verb, use, leases -> work);
    }

    /** Work that depends on where the configuration keeps leases; with {@code --data-dir} that is not known. */
    private interface Preparation {
        Work of(Optional<LeaseSettings> leases);
    }

    private int runPrepared(CommandSpec verb, Use use, Preparation work) {
        return dataDirectory.isPresent()
                ? runNamed(verb, dataDirectory.get().toAbsolutePath(), use, work.of(Optional.empty()))
                : runConfigured(verb, use, work);
    }

    /** The same for a question: a database that this host's daemon refuses may be asked, and that is said. */
    int runQuestion(CommandSpec verb, Work work) {
        return runPrepared(verb, Use.ASK, leases -> ledger -> {
            refusal(leases).ifPresent(why -> verb.commandLine().getErr().println("jbootd: " + why));
            return work.with(ledger);
        });
    }

    private static Optional<String> refusal(Optional<LeaseSettings> leases) {
        return leases.flatMap(settings ->
                settings.database().flatMap(database -> PostgresLeaseStore.refusal(database, settings.ownDirectory())));
    }

    private int runConfigured(CommandSpec verb, Use use, Preparation work) {
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
        networks = subnets.stream().map(Subnet::name).toList();
        String password = leases.get().sql().flatMap(SqlAccess::password).orElse("");
        Known known = new Known(subnets, bootp.identification(), password);
        return run(verb, work.of(leases), () -> configured(leases.get(), use, known));
    }

    /** What a configuration says besides the place. @param auditorPassword empty when there is none */
    private record Known(List<Subnet> subnets, Identification identification, String auditorPassword) {

        static final Known NOTHING = new Known(List.of(), Identification.HARDWARE, "");
    }

    private static Ledger configured(LeaseSettings leases, Use use, Known known) throws LedgerProblem, IOException {
        Optional<Ledger> running = RemoteLedger.connect(leases.ownDirectory());
        if (running.isPresent()) {
            return running.get();
        }
        return leases.database().isPresent()
                ? DatabaseLedger.open(
                        leases.database().get(), leases.ownDirectory(), known.subnets(), known.identification())
                : stopped(leases.ownDirectory(), use, known);
    }

    /** Without a configuration nothing is known of networks, so that orders have to go to a daemon. */
    private static int runNamed(CommandSpec verb, Path directory, Use use, Work work) {
        return run(verb, work, () -> named(directory, use == Use.ASK ? Use.ASK : Use.AS_IT_IS));
    }

    private static Ledger named(Path directory, Use use) throws LedgerProblem, IOException {
        Optional<Ledger> running = RemoteLedger.connect(directory);
        if (running.isEmpty() && PostgresLeaseStore.isMemory(directory)) {
            throw new LedgerProblem(
                    "the leases of " + directory + " are in a database, and no daemon runs on it: give the"
                            + " configuration with -c in the place of --data-dir");
        }
        return running.isPresent() ? running.get() : stopped(directory, use, Known.NOTHING);
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
    private static Ledger stopped(Path directory, Use use, Known known) throws LedgerProblem, IOException {
        if (!Files.isDirectory(directory)) {
            throw new LedgerProblem("there is no data directory " + directory
                    + ": no lease was ever given by it; to import some, make it");
        }
        if (!DataDirectory.hasLeases(directory)) {
            return begun(directory, use, known);
        }
        Optional<Ledger> resting =
                use == Use.ASK ? RestingLedger.open(directory, known.auditorPassword()) : Optional.empty();
        return resting.isPresent() ? resting.get() : opened(directory, known);
    }

    private static Ledger begun(Path directory, Use use, Known known) throws LedgerProblem, IOException {
        return switch (use) {
            case BEGIN -> opened(directory, known);
            case REHEARSE -> new UnbegunLedger(known.subnets(), known.identification());
            case ASK, AS_IT_IS ->
                throw new LedgerProblem("there are no leases in " + directory
                        + ", which has no file 'format': name the data directory of a daemon, or a backup of one");
        };
    }

    private static Ledger opened(Path directory, Known known) throws LedgerProblem, IOException {
        refuseAsAnother(directory);
        return StoppedLedger.open(new StoreSettings(directory), known.subnets(), known.identification());
    }

    /** What this process writes belongs to its user; the daemon could not use it. */
    static void refuseAsAnother(Path directory) throws LedgerProblem, IOException {
        if (!Files.isDirectory(directory)) {
            throw new LedgerProblem("there is no directory " + directory);
        }
        String owner = Files.getOwner(directory).getName();
        if (!Files.isWritable(directory)) {
            throw owner.equals(System.getProperty("user.name"))
                    ? new LedgerProblem(directory + " cannot be written, which this takes: mount it for writing, change"
                            + " its mode, or use a copy of it")
                    : anothers(directory, owner);
        }
        Optional<String> another = Permissions.otherOwner(directory);
        if (another.isPresent()) {
            throw anothers(directory, another.get());
        }
    }

    private static LedgerProblem anothers(Path directory, String owner) {
        return new LedgerProblem(directory + " is " + owner + "'s, and the daemon does not run: run this as " + owner
                + ", as in 'sudo -u " + owner + " jbootd leases …', or start the daemon");
    }

    /** What a comparison has found. */
    interface Compared {

        /** @param holds whether everything fits @param report lines for people */
        void found(boolean holds, List<String> report);
    }

    /**
     * Compares the leases with their history, and follows its hash chain.
     *
     * @param noted heads that the chain had
     * @param compared is told of what was found
     * @return the exit status
     */
    int verify(CommandSpec verb, List<ChainHead> noted, Compared compared) {
        return runQuestion(verb, ledger -> {
            List<String> report = new ArrayList<>();
            boolean holds = LedgerCheck.run(ledger, report) & ChainCheck.run(ledger::ask, noted, report);
            compared.found(holds, report);
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

    /** @throws LedgerProblem when a configuration was read, and has no network of this name */
    void needNetwork(String name) throws LedgerProblem {
        if (!networks.isEmpty() && !networks.contains(name)) {
            throw new LedgerProblem(
                    "there is no network " + name + ": the configuration has " + String.join(", ", networks));
        }
    }

    /** What an empty answer means. */
    interface Nothing {

        /** @return for people @throws LedgerProblem when the question was wrong */
        String inWords() throws LedgerProblem;
    }

    /** Asks, and prints the answer. */
    static int ask(CommandSpec verb, Ledger ledger, Printing.Form form, String sql, List<?> arguments, Nothing nothing)
            throws LedgerProblem {
        PrintWriter out = verb.commandLine().getOut();
        try (Printing printing = Printing.of(form, out)) {
            ledger.ask(sql, arguments, printing);
            String empty = printing.count() == 0 ? nothing.inWords() : "";
            if (form == Printing.Form.TABLE && !empty.isEmpty()) {
                out.println(empty);
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
