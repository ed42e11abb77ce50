package org.jbootd.app.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jbootd.persistence.ChainHead;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jbootd leases verify}. */
@Command(
        name = "verify",
        description =
                "Compare the leases with their history, follow its hash chain, and tell the first row that does not fit.",
        footer =
                "%nThe exit status is 0 if everything fits. A history that was rewritten as a whole, or whose end was cut off, fits"
                        + " as well: only a head of the chain that was kept elsewhere shows that.")
final class VerifyCommand implements Callable<Integer> {

    @ParentCommand
    private LeasesCommand leases;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--head",
            paramLabel = "EVENT:HASH",
            description =
                    "a head of the hash chain that was printed earlier; find out whether it is still in it (repeatable)")
    private List<String> heads = List.of();

    @Mixin
    private Telling telling;

    @Override
    public Integer call() {
        List<ChainHead> noted = heads.stream()
                .map(head -> LeasesCommand.parsed(command, "--head", head, ChainHead::parse))
                .toList();
        return leases.verify(
                command, noted, telling.behind(command.commandLine().getOut(), List.of(), Map.of()));
    }
}
