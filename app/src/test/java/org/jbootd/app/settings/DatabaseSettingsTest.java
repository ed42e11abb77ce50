package org.jbootd.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jbootd.app.ini.Findings;
import org.jbootd.domain.lease.Allocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases in a database of their own, as a configuration says so. */
class DatabaseSettingsTest {

    private static final String URL = "jdbc:postgresql://db.example.org/jbootd";

    @TempDir
    private Path directory;

    private Findings findings;

    private Optional<LeaseSettings> read(String... lines) throws IOException {
        findings = new Findings();
        Path file = directory.resolve("f.ini");
        Files.writeString(
                file,
                "[bootp]\npool_start = 10.0.0.5\nboot_file = a\n[leases]\n" + String.join("\n", lines)
                        + "\ndata_dir = memory\n");
        return Settings.read(file, "f.ini", Settings.Services.DHCP_ONLY, SettingsLab.HOST, findings)
                .flatMap(Settings::dhcp)
                .flatMap(Settings.Dhcp::leases);
    }

    @Test
    void aDatabaseIsNamedByItsUrl() throws IOException {
        LeaseSettings settings = read(
                        "url = " + URL, "user = jo", "password = sesame", "allocation = hashed", "history_keep = 30d")
                .orElseThrow();

        assertThat(settings.directory()).isEmpty();
        assertThat(settings.ownDirectory()).isEqualTo(directory.resolve("memory"));
        assertThat(settings.allocation()).isEqualTo(Allocation.HASHED);
        assertThat(settings.historyKeep()).contains(Duration.ofDays(30));
        assertThat(settings.database()).hasValueSatisfying(database -> {
            assertThat(database.url()).isEqualTo(URL);
            assertThat(database.user()).contains("jo");
            assertThat(database.password()).contains("sesame");
        });
        assertThat(settings.inWords()).isEqualTo(URL);
        assertThat(settings.toString()).contains(URL).doesNotContain("sesame");
    }

    @Test
    void aPasswordMayBeTheFirstLineOfAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "open sesame\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(read("url = " + URL + "?sslmode=require", "password_file = secret")
                        .orElseThrow()
                        .database()
                        .orElseThrow()
                        .password())
                .contains("open sesame");
        assertThat(findings.warnings()).isEmpty();

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        read("url = " + URL, "password_file = secret");
        assertThat(findings.warnings())
                .containsExactly(
                        "f.ini:6: [leases] password_file: everybody on this host can read '" + file + "': chmod o-r");
    }

    @Test
    void mistakesAreToldAndPasswordsAreNot() throws IOException {
        String form = "url: is not of the form jdbc:postgresql://HOST[:PORT]/DATABASE";
        String secret = "url: user and password are keys of their own: user, and password or password_file";
        assertMistakes(List.of("url = jdbc:postgresql:jbootd"), form);
        assertMistakes(List.of("url = jdbc:postgresql://db.example.org"), form);
        String unreadable = "url: is no URL that PostgreSQL's driver can read: a port is a number from 1 to 65535,"
                + " and after % come two hex digits";
        assertMistakes(List.of("url = jdbc:postgresql://db.example.org:99999/jbootd"), unreadable);
        assertMistakes(List.of("url = jdbc:postgresql://db.example.org/%zz"), unreadable);
        assertMistakes(List.of("url = jdbc:postgresql://jo:sesame@db.example.org/jbootd"), secret);
        assertMistakes(List.of("url = " + URL + "?sslmode=require&password=sesame"), secret);
        assertMistakes(List.of("url = " + URL + "?sslpassword=sesame"), secret);
        assertMistakes(
                List.of("url = " + URL, "password_file = nowhere"),
                "password_file: '" + directory.resolve("nowhere") + "' cannot be read by this user");
        Files.writeString(directory.resolve("empty"), "\nsesame");
        assertMistakes(
                List.of("url = " + URL, "password_file = empty"),
                "password_file: there is no password in the first line of '" + directory.resolve("empty") + "'");
    }

    private void assertMistakes(List<String> lines, String mistake) throws IOException {
        assertThat(read(lines.toArray(String[]::new))).isEmpty();
        assertThat(findings.mistakes())
                .singleElement()
                .satisfies(found -> assertThat(found)
                        .isEqualTo("f.ini:" + (4 + lines.size()) + ": [leases] " + mistake)
                        .doesNotContain("sesame"));
    }

    @Test
    void onePasswordIsEnough() throws IOException {
        Files.writeString(directory.resolve("secret"), "sesame");
        read("url = " + URL, "password = sesame", "password_file = secret");
        assertThat(findings.mistakes())
                .containsExactly("f.ini:7: [leases] password_file: password is there, too; write one of the two");
    }
}
