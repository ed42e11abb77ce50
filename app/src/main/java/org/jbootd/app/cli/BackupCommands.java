package org.jbootd.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jbootd.app.leases.LedgerProblem;
import org.jbootd.persistence.StoreBackup;
import org.jbootd.persistence.StoreRefused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The commands of {@code jbootd leases} that copy a data directory. */
final class BackupCommands {

    private BackupCommands() {}

    /** {@code leases backup}. */
    @Command(
            name = "backup",
            description = "Copy the leases and their history, while the daemon runs or not, into a new directory.",
            footer = "%nThe daemon writes the copy, as its user: that one has to be allowed to make the directory.")
    static final class Backup implements Callable<Integer> {

        @ParentCommand
        private LeasesCommand leases;

        @Spec
        private CommandSpec command;

        @Mixin
        private Telling telling;

        @Parameters(paramLabel = "DIRECTORY", description = "made; must not be there")
        private Path target;

        @Override
        public Integer call() {
            return leases.run(command, LeasesCommand.Use.AS_IT_IS, ledger -> {
                ledger.backup(target.toAbsolutePath());
                telling.tell(
                        command.commandLine().getOut(),
                        List.of("all leases of this moment, and their history, are in " + target),
                        Map.of("backup", target.toAbsolutePath().toString()));
                return Jbootd.FINE;
            });
        }
    }

    /** {@code leases restore}. */
    @Command(
            name = "restore",
            description = "Make a data directory of a backup, with the daemon stopped.",
            footer =
                    "%nRun it as the daemon's user. What was leased after the backup is not known then: machines that got"
                            + " their address later may see it given to another.")
    static final class Restore implements Callable<Integer> {

        @ParentCommand
        private LeasesCommand leases;

        @Spec
        private CommandSpec command;

        @Mixin
        private Telling telling;

        @Parameters(paramLabel = "BACKUP", description = "a directory that 'jbootd leases backup' made")
        private Path backup;

        @Override
        public Integer call() {
            Path directory;
            try {
                directory = leases.directory();
                StoreBackup.restore(backup, directory);
            } catch (LedgerProblem | StoreRefused | IOException problem) {
                command.commandLine().getErr().println("jbootd: " + problem.getMessage());
                return Jbootd.REFUSED;
            }
            // opens it, and compares the leases with their history
            return leases.verify(
                    command,
                    List.of(),
                    telling.behind(
                            command.commandLine().getOut(),
                            List.of(directory + " is what " + backup + " was"),
                            Map.of("restored", directory.toString())));
        }
    }
}
