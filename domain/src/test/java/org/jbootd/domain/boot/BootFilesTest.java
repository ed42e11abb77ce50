package org.jbootd.domain.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Host;
import org.jbootd.domain.client.Hosts;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which file a machine is told, by its architecture and by how far it has come. */
class BootFilesTest {

    private static final HardwareAddress MACHINE = HardwareAddress.parse("02-00-00-00-00-01");

    private static final Map<ClientArchitecture, String> LISTED = Map.of(
            new ClientArchitecture(0), "pxelinux.0",
            new ClientArchitecture(7), "grubx64.efi",
            new ClientArchitecture(11), "HTTPS://boot.example/arm64.efi",
            new ClientArchitecture(16), "http://10.0.0.1/grubx64.efi",
            new ClientArchitecture(15), "ia32.efi");

    record Row(String sentence, BootFiles files, BootStage stage, int[] architectures, String expected) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    static Stream<Row> rows() {
        BootFiles plain = files(Optional.of("default.0"), Optional.empty());
        BootFiles chained = files(Optional.of("default.0"), Optional.of("http://10.0.0.1/boot.ipxe"));
        BootFiles local =
                files(Optional.of("default.0"), Map.of("lan", "lan.0", "dmz", "dmz.0"), Hosts.NONE, Optional.empty());
        BootFiles bare = files(Optional.empty(), Optional.empty());
        return Stream.of(
                row("firmware gets its architecture's file", plain, BootStage.FIRMWARE, "grubx64.efi", 7),
                row("the first architecture that is listed counts", plain, BootStage.FIRMWARE, "grubx64.efi", 99, 7, 0),
                row("an unknown architecture gets the default", plain, BootStage.FIRMWARE, "default.0", 99),
                row("firmware that names none gets the default", plain, BootStage.FIRMWARE, "default.0"),
                row("PXE firmware is told no URL where a file will do", plain, BootStage.FIRMWARE, "default.0", 11),
                row("its subnet's file comes before the default", local, BootStage.FIRMWARE, "lan.0", 99),
                row("its architecture's file comes before its subnet's", local, BootStage.FIRMWARE, "grubx64.efi", 7),
                row(
                        "a machine's own file comes before all",
                        own("rescue.0", Optional.empty()),
                        BootStage.FIRMWARE,
                        "rescue.0",
                        7),
                row(
                        "PXE firmware is not told its own URL",
                        own("http://h/x", Optional.empty()),
                        BootStage.FIRMWARE,
                        "grubx64.efi",
                        7),
                row(
                        "HTTP firmware is told its own URL",
                        own("http://h/x", Optional.empty()),
                        BootStage.HTTP_FIRMWARE,
                        "http://h/x",
                        16),
                row(
                        "a boot loader does not load itself again",
                        own("ipxe.0", Optional.of("boot.ipxe")),
                        BootStage.BOOT_LOADER,
                        "boot.ipxe",
                        7),
                row(
                        "a boot loader without an entry gets its machine's own file",
                        own("rescue.0", Optional.empty()),
                        BootStage.BOOT_LOADER,
                        "rescue.0",
                        7),
                row(
                        "a plain client hears of its own, too",
                        own("rescue.0", Optional.empty()),
                        BootStage.OPERATING_SYSTEM,
                        "rescue.0"),
                row("without a default it is told nothing", bare, BootStage.FIRMWARE, null, 99),
                row("HTTP firmware gets its URL", plain, BootStage.HTTP_FIRMWARE, "http://10.0.0.1/grubx64.efi", 16),
                row("a URL may shout", plain, BootStage.HTTP_FIRMWARE, "HTTPS://boot.example/arm64.efi", 11),
                row("HTTP firmware is told no file name", plain, BootStage.HTTP_FIRMWARE, null, 15),
                row("HTTP firmware is told no default", plain, BootStage.HTTP_FIRMWARE, null, 99),
                row("a boot loader gets its own entry", chained, BootStage.BOOT_LOADER, "http://10.0.0.1/boot.ipxe", 7),
                row(
                        "a boot loader without an entry boots as its firmware",
                        plain,
                        BootStage.BOOT_LOADER,
                        "grubx64.efi",
                        7),
                row("a boot loader takes a URL too", plain, BootStage.BOOT_LOADER, "http://10.0.0.1/grubx64.efi", 16),
                row(
                        "a boot loader of an unknown architecture gets the default",
                        plain,
                        BootStage.BOOT_LOADER,
                        "default.0",
                        99),
                row("a plain client gets the default", chained, BootStage.OPERATING_SYSTEM, "default.0"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void a_machine_is_told(Row row) {
        Request request = new Request(
                1,
                ClientIdentity.of(MACHINE),
                row.stage(),
                "lan",
                Ipv4.UNSPECIFIED,
                IntStream.of(row.architectures())
                        .mapToObj(ClientArchitecture::new)
                        .toList(),
                Optional.empty(),
                Optional.empty());
        BootPlan plan = row.files().plan(request);
        assertThat(plan.bootFile()).isEqualTo(Optional.ofNullable(row.expected()));
        assertThat(plan.sizeBytes())
                .isEqualTo(plan.bootFile().filter("pxelinux.0"::equals).map(name -> 42L));
    }

    @Test
    void the_size_is_told_when_it_is_known() {
        Row row = row("", files(Optional.empty(), Optional.empty()), BootStage.FIRMWARE, "pxelinux.0", 0);
        a_machine_is_told(row);
    }

    private static BootFiles files(Optional<String> fallback, Optional<String> bootLoader) {
        return files(fallback, Map.of(), Hosts.NONE, bootLoader);
    }

    /** This very machine is told to boot {@code bootFile}. */
    private static BootFiles own(String bootFile, Optional<String> bootLoader) {
        Host host = new Host(
                "web1",
                Optional.of(MACHINE),
                Optional.empty(),
                Optional.of("web1"),
                Optional.of(bootFile),
                Map.of(17, Octets.of((byte) '/')));
        return files(Optional.of("default.0"), Map.of("lan", "lan.0"), new Hosts(List.of(host)), bootLoader);
    }

    private static BootFiles files(
            Optional<String> fallback, Map<String, String> bySubnet, Hosts hosts, Optional<String> bootLoader) {
        return new BootFiles(
                LISTED,
                fallback,
                bySubnet,
                hosts,
                bootLoader,
                name -> name.equals("pxelinux.0") ? Optional.of(42L) : Optional.empty());
    }

    private static Row row(String sentence, BootFiles files, BootStage stage, String expected, int... architectures) {
        return new Row(sentence, files, stage, architectures, expected);
    }
}
