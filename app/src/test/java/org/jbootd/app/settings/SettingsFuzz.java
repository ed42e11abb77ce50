package org.jbootd.app.settings;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.ini.IniReader;
import org.jbootd.app.ini.IniSection;
import org.jbootd.app.ini.Place;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever text is called a configuration, it gives settings or mistakes, each with its line and in one line. */
class SettingsFuzz {

    private static final HostNetworks HOST = new HostNetworks(List.of(
            network("lo", "127.0.0.1", 8), network("eth0", "10.0.0.1", 24), network("eth1", "192.168.1.1", 24)));

    private static HostNetwork network(String device, String address, int prefix) {
        return new HostNetwork(device, Ipv4.parse(address), new Ipv4Network(Ipv4.parse(address), prefix));
    }

    /** The examples, and the keys that have a grammar of their own. */
    static List<byte[]> configurations() {
        Path examples = Path.of(System.getProperty("jbootd.examples", "../examples"));
        try (Stream<Path> files = Files.walk(examples)) {
            return Stream.concat(
                            files.filter(file -> file.toString().endsWith(".ini"))
                                    .map(SettingsFuzz::read),
                            Stream.of("""
                                    [bootp]
                                    interface = eth0; eth1
                                    pool_start = 10.0.0.100
                                    pool_count = 20
                                    lease_time = 1h
                                    reclaim_after = 30d
                                    option 42 = 10.0.0.5
                                    option ntp-servers = 10.0.0.5; 10.0.0.6
                                    ping_check = on
                                    access = mac; uuid; http
                                    [mac]
                                    AA-BB-CC/24 = off
                                    [subnet lab]
                                    network = 10.2.0.0/16
                                    pool_start = 10.2.1.0
                                    gateway = 10.2.0.1
                                    shared_network = wire
                                    [static_dhcp]
                                    AA-BB-CC-DD-EE-FF = 10.0.0.7
                                    [filters]
                                    a/* = [b/{filename}]
                                    [tftp]
                                    root = https://user:secret@example.org/boot/
                                    """.getBytes(StandardCharsets.UTF_8)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @MethodSource("configurations")
    @FuzzTest
    void isSettingsOrMistakes(byte[] octets) {
        Findings findings = new Findings();
        List<IniSection> content = IniReader.parse(new String(octets, StandardCharsets.UTF_8), "f.ini", findings);
        Optional<Settings> settings = Settings.of(
                content, new Place("f.ini", 1), Path.of("/nowhere"), Settings.Services.BOTH, HOST, findings);
        require(settings.isPresent() != findings.hasMistakes(), "settings, or mistakes");
        Stream.concat(findings.mistakes().stream(), findings.warnings().stream())
                .forEach(SettingsFuzz::requireOneLine);
    }

    private static void requireOneLine(String finding) {
        require(finding.matches("f\\.ini:\\d+: [^\\n\\r]+"), "a line of its own for '" + finding + "'");
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("violated: " + what);
        }
    }
}
