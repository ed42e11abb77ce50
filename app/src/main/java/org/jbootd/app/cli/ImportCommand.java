package org.jbootd.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jbootd.app.leases.Ledger;
import org.jbootd.app.leases.LedgerProblem;
import org.jbootd.app.leases.takeover.LeaseFormat;
import org.jbootd.app.leases.takeover.Takeover;
import org.jbootd.app.leases.takeover.TakeoverReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code leases import}. */
@Command(
        name = "import",
        description = "Take over the leases of another DHCP server, so that machines keep their addresses.",
        footer = {
            "%nStop that server first. What was taken over before is left as it is, so this can be done again.",
            "The exit status is 0 if everything was taken over."
        })
final class ImportCommand implements Callable<Integer> {

    @ParentCommand
    private LeasesCommand leases;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--from",
            paramLabel = "SERVER",
            required = true,
            converter = Server.class,
            description = "whose file it is: ${COMPLETION-CANDIDATES}")
    private LeaseFormat format;

    @Parameters(
            paramLabel = "FILE",
            description = "dnsmasq.leases, dhcpd.leases, kea-leases4.csv, or a pybootd.ini with [static_dhcp]")
    private Path file;

    @Option(names = "--dry-run", description = "change nothing, and tell what would become of each")
    private boolean dryRun;

    @Option(names = "--json", description = "write JSON")
    private boolean json;

    /** Reads {@code --from}: of an enumeration the names of its constants would be taken and told as well. */
    static final class Server implements ITypeConverter<LeaseFormat> {

        @Override
        public LeaseFormat convert(String text) {
            try {
                return LeaseFormat.parse(text);
            } catch (IllegalArgumentException problem) {
                throw new TypeConversionException(problem.getMessage());
            }
        }
    }

    @Override
    public Integer call() {
        LeasesCommand.Use use = dryRun ? LeasesCommand.Use.REHEARSE : LeasesCommand.Use.BEGIN;
        return leases.run(command, use, ledger -> {
            TakeoverReport report = takeOver(ledger);
            PrintWriter out = command.commandLine().getOut();
            if (json) {
                report.printJson(out);
            } else {
                report.print(out);
            }
            return report.isComplete() ? Jbootd.FINE : Jbootd.REFUSED;
        });
    }

    private TakeoverReport takeOver(Ledger ledger) throws LedgerProblem {
        if (!Files.isRegularFile(file)) {
            throw new LedgerProblem(file + (Files.exists(file) ? " is no file" : " is not there"));
        }
        try {
            return Takeover.run(
                    file, format, Instant.now(), ledger, dryRun ? Ledger.Mode.REHEARSE : Ledger.Mode.CARRY_OUT);
        } catch (AccessDeniedException denied) {
            throw new LedgerProblem(
                    "user " + System.getProperty("user.name") + " may not read " + file
                            + ": copy it to where this user may, as in 'sudo install -o USER FILE /tmp'",
                    denied);
        } catch (IOException problem) {
            throw new LedgerProblem(file + " cannot be read: " + problem.getMessage(), problem);
        }
    }
}
