package org.jbootd.app.cli;

import java.io.PrintWriter;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.settings.BootpSettings;
import org.jbootd.app.settings.Settings;
import org.jbootd.app.settings.TftpSettings;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.FilenameTranslator;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.files.DirectoryFileSource;
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
        settings.tftp().ifPresent(tftp -> {
            out.println("TFTP: files from " + tftp.root());
            settings.dhcp().ifPresent(dhcp -> lookFor(dhcp.bootp().bootFiles().names(), tftp));
        });
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
        if (!bootp.notified().isEmpty()) {
            out.println("who is notified: " + bootp.notified());
        }
        out.println("leases: in " + dhcp.leases().directory());
    }

    /** As a machine would ask for them; this user may see less than the daemon will. */
    private void lookFor(Set<String> bootFiles, TftpSettings tftp) {
        FileDesk desk = new FileDesk(new FilenameTranslator(tftp.filters()), new DirectoryFileSource(tftp.root()));
        for (String name : new TreeSet<>(bootFiles)) {
            try {
                desk.open(name).close();
            } catch (FileUnavailable problem) {
                command.commandLine()
                        .getErr()
                        .println("warning: boot file '" + name + "' cannot be served: " + problem.getMessage());
            }
        }
    }
}
