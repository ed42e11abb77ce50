package org.jbootd.app.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.ini.IniReader;
import org.jbootd.app.ini.IniSection;
import org.jbootd.app.ini.Place;
import org.jbootd.udp.dhcp.DhcpSettings;

/**
 * A configuration file, read and checked.
 *
 * @param dhcp empty when only TFTP is wanted
 * @param tftp empty when only DHCP is wanted
 */
public record Settings(LoggerSettings logger, Optional<Dhcp> dhcp, Optional<TftpSettings> tftp) {

    /** The DHCP, BOOTP and PXE service. @param leases where they are kept; empty when another server gives the addresses */
    public record Dhcp(BootpSettings bootp, Optional<LeaseSettings> leases) {}

    /** Which services are wanted: {@code -p} and {@code -t} each leave one. */
    public enum Services {
        BOTH,
        DHCP_ONLY,
        TFTP_ONLY;

        boolean dhcp() {
            return this != TFTP_ONLY;
        }

        boolean tftp() {
            return this != DHCP_ONLY;
        }
    }

    /**
     * Reads {@code file} and checks it against this host.
     *
     * @param name the file's name in messages
     * @param findings takes every mistake and warning there is
     * @return empty if and only if there are mistakes
     * @throws IOException when the file cannot be read
     */
    public static Optional<Settings> read(
            Path file, String name, Services services, HostNetworks host, Findings findings) throws IOException {
        Path base = file.toAbsolutePath().normalize().getParent();
        return of(IniReader.read(file, name, findings), new Place(name, 1), base, services, host, findings);
    }

    static Optional<Settings> of(
            List<IniSection> content, Place start, Path base, Services services, HostNetworks host, Findings findings) {
        Sections sections = new Sections(content, start, findings);
        LoggerSettings logger = LoggerSettings.from(sections.get("logger"), base);
        Optional<Dhcp> dhcp = services.dhcp() ? dhcp(sections, base, host) : Optional.empty();
        if (!services.dhcp()) {
            AccessSettings.leaveOut(sections);
        }
        Optional<TftpSettings> tftp = services.tftp() ? TftpSettings.from(sections, base, host) : Optional.empty();
        tftp.filter(files ->
                        dhcp.isPresent() && files.port() == dhcp.get().bootp().port())
                .ifPresent(files -> sections.get("tftp")
                        .mistake("port", files.port() + " is the port of [bootp], too; give each its own"));
        tftp.filter(files -> files.port() == DhcpSettings.BOOT_SERVER_PORT
                        && dhcp.filter(found -> found.bootp().proxy()).isPresent())
                .ifPresent(files -> sections.get("tftp").mistake("port", BootpSettings.BOOT_SERVER_PORT_IS_TAKEN));
        UnusedSections.check(sections);
        sections.refuseUnclaimed();
        return findings.hasMistakes() ? Optional.empty() : Optional.of(new Settings(logger, dhcp, tftp));
    }

    private static Optional<Dhcp> dhcp(Sections sections, Path base, HostNetworks host) {
        Optional<BootpSettings> bootp = BootpSettings.from(sections, base, host);
        if (bootp.filter(BootpSettings::proxy).isPresent()) {
            return Optional.of(new Dhcp(bootp.get(), Optional.empty()));
        }
        Optional<LeaseSettings> leases = LeaseSettings.from(sections.get("leases"), base);
        return bootp.flatMap(found -> leases.map(where -> new Dhcp(found, Optional.of(where))));
    }
}
