package org.jbootd.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jbootd leases verify}. */
@Command(
        name = "verify",
        description = "Compare the leases with their history, and tell the first row that does not fit.",
        footer = "%nThe exit status is 0 if everything fits.")
final class VerifyCommand implements Callable<Integer> {

    @ParentCommand
    private LeasesCommand leases;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        return leases.verify(command);
    }
}
