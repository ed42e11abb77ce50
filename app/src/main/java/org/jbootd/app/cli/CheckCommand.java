package org.jbootd.app.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jbootd.app.daemon.RootFiles;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.settings.BootpSettings;
import org.jbootd.app.settings.Settings;
import org.jbootd.app.settings.SubnetSettings;
import org.jbootd.app.settings.Subnets;
import org.jbootd.app.settings.TftpSettings;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.udp.dhcp.DhcpSettings;
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
        findings.warnings().forEach(this::warn);
        if (read.settings().isEmpty()) {
            return read.status();
        }
        PrintWriter out = command.commandLine().getOut();
        out.println(read.name() + ": no mistakes");
        Settings settings = read.settings().get();
        settings.dhcp().ifPresent(dhcp -> describe(dhcp, out));
        settings.tftp().ifPresent(tftp -> {
            out.println("TFTP: files from " + tftp.root());
            look(tftp, settings.dhcp());
        });
        out.flush();
        return Jbootd.FINE;
    }

    private static void describe(Settings.Dhcp dhcp, PrintWriter out) {
        BootpSettings bootp = dhcp.bootp();
        bootp.subnets().interfaces().forEach(network -> out.println("DHCP: machines on " + network));
        if (bootp.proxy()) {
            describeProxy(bootp, out);
        } else {
            bootp.subnets().all().forEach(subnet -> describe(subnet, out));
        }
        out.println("who may boot: " + bootp.access().inWords());
        if (!bootp.notified().isEmpty()) {
            out.println("who is notified: " + bootp.notified());
        }
        dhcp.leases().ifPresent(leases -> out.println("leases: in " + leases.inWords()));
    }

    private static void describeProxy(BootpSettings bootp, PrintWriter out) {
        out.println("addresses: by another server; boot information only, UDP ports " + bootp.port() + " and "
                + DhcpSettings.BOOT_SERVER_PORT);
        bootp.subnets().all().stream()
                .filter(subnet -> subnet.interfaces().isEmpty())
                .map(SubnetSettings::subnet)
                .forEach(subnet ->
                        out.println("through relays: machines of " + subnet.name() + " (" + subnet.network() + ")"));
        bootp.menu()
                .ifPresent(menu -> menu.items()
                        .forEach(item -> out.println("menu: " + item.type() + " " + item.text()
                                + item.file().map(file -> ", " + file).orElse(""))));
    }

    private static void describe(SubnetSettings served, PrintWriter out) {
        Subnet subnet = served.subnet();
        AddressPool pool = subnet.pool();
        String name = subnet.name().equals(Subnets.MAIN)
                ? ""
                : " of " + subnet.name() + " (" + subnet.network()
                        + (served.interfaces().isEmpty() ? ", through relays)" : ")");
        out.println("addresses" + name + ": " + pool.count()
                + (pool.count() == 0 ? "" : " from " + pool.first() + " on") + ", "
                + subnet.reservations().size() + " of single machines");
    }

    /** As a machine would; this user may see less than the daemon will. */
    private void look(TftpSettings tftp, Optional<Settings.Dhcp> dhcp) {
        try (RootFiles files = RootFiles.looking(tftp)) {
            Optional<String> trouble = files.trouble();
            if (trouble.isPresent()) {
                warn("[tftp] root: " + tftp.root() + " does not answer: " + trouble.get());
            } else {
                dhcp.ifPresent(found -> lookFor(found.bootp().bootFileNames(), files.desk()));
            }
        }
    }

    private void lookFor(Set<String> bootFiles, FileDesk desk) {
        for (String name : new TreeSet<>(bootFiles)) {
            try {
                desk.open(name).close();
            } catch (FileUnavailable problem) {
                warn("boot file '" + name + "' cannot be served: " + problem.getMessage());
            }
        }
    }

    private void warn(String what) {
        command.commandLine().getErr().println("warning: " + what);
    }
}
