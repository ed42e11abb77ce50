package org.jbootd.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;

/** Configurations of a host with two networks, in a directory of their own. */
final class SettingsLab {

    static final HostNetworks HOST = new HostNetworks(List.of(
            network("lo", "127.0.0.1", 8), network("eth0", "10.0.0.1", 24), network("eth1", "192.168.1.1", 24)));

    final Path directory;
    final Findings findings = new Findings();

    static HostNetwork network(String device, String address, int prefix) {
        return new HostNetwork(device, Ipv4.parse(address), new Ipv4Network(Ipv4.parse(address), prefix));
    }

    /** @param directory an empty one */
    SettingsLab(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectory(directory.resolve("files"));
        Files.writeString(directory.resolve("plain"), "");
    }

    Optional<Settings> read(Settings.Services services, String text) throws IOException {
        Path file = Files.writeString(directory.resolve("f.ini"), text);
        return Settings.read(file, "f.ini", services, HOST, findings);
    }

    /** The settings of a file with this in [bootp], and nothing wrong. */
    BootpSettings bootp(String lines) throws IOException {
        Optional<Settings> settings = read(Settings.Services.BOTH, file(lines, ""));
        assertThat(findings.mistakes()).isEmpty();
        return settings.orElseThrow().dhcp().orElseThrow().bootp();
    }

    /** The network of [bootp]. */
    static SubnetSettings main(BootpSettings bootp) {
        return bootp.subnets().all().get(0);
    }

    static String file(String bootp, String more) {
        return "[bootp]\npool_start = 10.0.0.100\nboot_file = a.bin\n" + bootp + "\n[tftp]\nroot = files\n"
                + "[leases]\ndata_dir = leases\n" + more;
    }
}
