package org.jbootd.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.app.daemon.RootFiles;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.OpenFile;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/debian-installer} does what it says. */
class ExampleTest {

    private static final Path EXAMPLE = Path.of("../examples/debian-installer");
    private static final HostNetworks HOST = new HostNetworks(List.of(
            new HostNetwork("eth0", Ipv4.parse("192.168.1.1"), new Ipv4Network(Ipv4.parse("192.168.1.0"), 24))));

    @TempDir
    private Path directory;

    private Settings read() throws IOException {
        Path root = Files.createDirectories(directory.resolve("netboot/debian-installer/amd64"));
        for (String name : List.of("linux", "initrd.gz", "pxelinux.0")) {
            Files.writeString(root.resolve(name), "the content of " + name);
        }
        Files.copy(EXAMPLE.resolve("netboot/pxe.cfg"), directory.resolve("netboot/pxe.cfg"));
        Files.copy(EXAMPLE.resolve("jbootd.ini"), directory.resolve("jbootd.ini"));
        Findings findings = new Findings();

        Optional<Settings> settings =
                Settings.read(directory.resolve("jbootd.ini"), "jbootd.ini", Settings.Services.BOTH, HOST, findings);

        assertThat(findings.mistakes()).isEmpty();
        assertThat(findings.warnings()).isEmpty();
        return settings.orElseThrow();
    }

    @Test
    void machinesAreServedAsItSays() throws IOException {
        BootpSettings bootp = read().dhcp().orElseThrow().bootp();

        assertThat(bootp.subnets().all().get(0).subnet().pool().count()).isEqualTo(5);
        assertThat(bootp.subnets().all().get(0).hostNameServers()).isTrue();
        assertThat(bootp.subnets().all().get(0).subnet().reservations()).hasSize(1);
        assertThat(bootp.bootFiles().standard()).contains("pxelinux.0");
        assertThat(bootp.bootFiles().byArchitecture())
                .isEqualTo(Map.of(
                        new ClientArchitecture(7), "debian-installer/amd64/bootnetx64.efi",
                        new ClientArchitecture(9), "debian-installer/amd64/bootnetx64.efi"));
    }

    @Test
    void itsFiltersLeadToTheMenuAndTheInstaller() throws IOException, FileUnavailable {
        TftpSettings tftp = read().tftp().orElseThrow();
        FileDesk desk = RootFiles.looking(tftp).desk();

        assertThat(content(desk, "pxelinux.cfg/01-52-54-00-12-34-56")).startsWith("DEFAULT install");
        assertThat(content(desk, "/linux")).isEqualTo("the content of linux");
        assertThat(content(desk, "/initrd")).isEqualTo("the content of initrd.gz");
        assertThat(content(desk, "debian-installer/amd64/pxelinux.0")).isEqualTo("the content of pxelinux.0");
    }

    private static String content(FileDesk desk, String name) throws IOException, FileUnavailable {
        try (OpenFile file = desk.open(name)) {
            ByteBuffer content = ByteBuffer.allocate((int) file.size());
            file.read(0, content);
            return new String(content.array(), StandardCharsets.UTF_8);
        }
    }
}
