package org.jbootd.app.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.settings.LeaseSettings;
import org.jbootd.app.settings.Settings;
import org.jbootd.persistence.StoreRefused;
import org.jbootd.persistence.StoreRepair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jbootd repair}: makes a damaged data directory usable again. */
@Command(
        name = "repair",
        description = "Make a damaged data directory usable again, with the daemon stopped. Deletes nothing.")
final class RepairCommand implements Callable<Integer> {

    @ParentCommand
    private Jbootd jbootd;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        Jbootd.ReadConfiguration read = jbootd.read(new Findings());
        if (read.settings().isEmpty()) {
            return read.status();
        }
        Optional<LeaseSettings> leases = read.settings().get().dhcp().flatMap(Settings.Dhcp::leases);
        if (leases.isEmpty()) {
            command.commandLine()
                    .getErr()
                    .println("jbootd: " + read.name() + " gives no addresses, and so has no leases");
            return Jbootd.REFUSED;
        }
        if (leases.get().directory().isEmpty()) {
            command.commandLine()
                    .getErr()
                    .println("jbootd: leases are in " + leases.get().inWords()
                            + ", and there is nothing of them here to repair");
            return Jbootd.REFUSED;
        }
        Path directory = leases.get().directory().get();
        try {
            PrintWriter out = command.commandLine().getOut();
            List<String> report = StoreRepair.repair(directory, Instant.now());
            report.forEach(out::println);
            out.println(directory + (report.isEmpty() ? ": nothing is damaged, nothing was changed" : ": repaired"));
            out.flush();
            return Jbootd.FINE;
        } catch (StoreRefused refused) {
            command.commandLine().getErr().println("jbootd: " + refused.getMessage());
            return Jbootd.REFUSED;
        }
    }
}
