package org.jbootd.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jbootd.app.leases.LedgerProblem;
import org.jbootd.persistence.StoreRefused;
import org.jbootd.persistence.postgres.PostgresSettings;
import org.jbootd.persistence.postgres.Relocation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code leases move}. */
@Command(
        name = "move",
        description =
                "Take the leases of a data directory, and their history, along into the database of the configuration.",
        footer = "%nStop its daemon first. All of it is there in the end, or nothing; the directory stays as it is.")
final class MoveCommand implements Callable<Integer> {

    @ParentCommand
    private LeasesCommand leases;

    @Spec
    private CommandSpec command;

    @Mixin
    private Telling telling;

    @Parameters(paramLabel = "DIRECTORY", description = "a data directory, or a backup of one")
    private Path directory;

    @Override
    public Integer call() {
        String done;
        try {
            PostgresSettings database = leases.database();
            Path from = directory.toAbsolutePath();
            LeasesCommand.refuseAsAnother(from);
            Relocation.Moved moved = Relocation.run(from, database);
            done = "%d leases, %d events, %d intervals, %d refusals and %d transfers of %s are in %s"
                    .formatted(
                            moved.leases(),
                            moved.events(),
                            moved.intervals(),
                            moved.refusals(),
                            moved.transfers(),
                            directory,
                            database.place());
        } catch (LedgerProblem | StoreRefused | IOException problem) {
            return LeasesCommand.failed(command, problem.getMessage());
        }
        // compares the leases with their history
        return leases.verify(
                command,
                List.of(),
                telling.behind(command.commandLine().getOut(), List.of(done), Map.of("done", done)));
    }
}
