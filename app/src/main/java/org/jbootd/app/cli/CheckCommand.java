package org.jbootd.app.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.settings.BootpSettings;
import org.jbootd.app.settings.Settings;
import org.jbootd.domain.lease.AddressPool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jbootd check}: reads the configuration against this host and starts nothing. */
@Command(name = "check", description = "Check the configuration, and start nothing.")
final class CheckCommand implements Callable<Integer> {

    @ParentCommand
    private Jbootd jbootd;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        Findings findings = new Findings();
        Jbootd.ReadConfiguration read = jbootd.read(findings);
        findings.warnings().forEach(warning -> command.commandLine().getErr().println("warning: " + warning));
        if (read.settings().isEmpty()) {
            return read.status();
        }
        PrintWriter out = command.commandLine().getOut();
        out.println(read.name() + ": no mistakes");
        Settings settings = read.settings().get();
        settings.dhcp().ifPresent(dhcp -> describe(dhcp, out));
        settings.tftp().ifPresent(tftp -> out.println("TFTP: files from " + tftp.root()));
        out.flush();
        return Jbootd.FINE;
    }

    private static void describe(Settings.Dhcp dhcp, PrintWriter out) {
        BootpSettings bootp = dhcp.bootp();
        AddressPool pool = bootp.subnet().pool();
        bootp.served().interfaces().forEach(network -> out.println("DHCP: machines on " + network));
        out.println("addresses: " + pool.count() + " from " + pool.first() + " on, "
                + bootp.subnet().reservations().size() + " of single machines");
        out.println("who may boot: " + bootp.access().inWords());
        out.println("leases: in " + dhcp.leases().directory());
    }
}
