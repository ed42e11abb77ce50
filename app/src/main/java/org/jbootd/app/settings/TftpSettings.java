package org.jbootd.app.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.domain.files.Filter;
import org.jbootd.domain.net.Ipv4;

/**
 * {@code [tftp]} and {@code [filters]}.
 *
 * @param address empty for the address that DHCP serves at, or all of them without it
 * @param blockSize the largest that a client may ask for, in octets
 * @param timeout until the last blocks are sent again
 * @param root absolute
 * @param filters in the order they are tried
 */
public record TftpSettings(
        Optional<Ipv4> address, int port, int blockSize, Duration timeout, Path root, List<Filter> filters) {

    /** RFC 2348. */
    private static final int LARGEST_BLOCK = 65464;

    /** @return empty when a mistake leaves nothing to serve */
    static Optional<TftpSettings> from(Sections sections, Path base, HostNetworks host) {
        Section tftp = sections.get("tftp");
        Optional<Ipv4> address = tftp.optional("address", text -> ownAddress(text, host));
        int port = tftp.optional("port", Values::port, 69);
        int blockSize = tftp.optional("blocksize", Values.number(8, LARGEST_BLOCK), LARGEST_BLOCK);
        Duration timeout = tftp.optional("timeout", Values::seconds, Duration.ofSeconds(2));
        List<Filter> filters = filters(sections.get("filters"));
        Optional<Path> directory =
                tftp.required("root", text -> root(text, base), "name the directory that files are served from");
        directory
                .filter(root -> !Files.isReadable(root) || !Files.isExecutable(root))
                .ifPresent(root -> tftp.warning("root", "'" + root + "' cannot be read by this user"));
        return directory.map(root -> new TftpSettings(address, port, blockSize, timeout, root, filters));
    }

    /** Where other hosts find the files, if {@code address} is one that they can reach. */
    public Optional<Ipv4> addressForOthers() {
        return address.filter(Ipv4::isHost);
    }

    private static Ipv4 ownAddress(String text, HostNetworks host) {
        Ipv4 address = Ipv4.parse(text);
        if (!address.isUnspecified() && !host.hasAddress(address) && address.bits() >>> 24 != 127) {
            throw new IllegalArgumentException(address + " is not an address of this host; it has " + host);
        }
        return address;
    }

    private static Path root(String text, Path base) {
        if (text.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")) {
            throw new IllegalArgumentException(
                    "'" + text + "': files of another server are not part of this version; name a local directory");
        }
        Path root = base.resolve(text).toAbsolutePath().normalize();
        if (!Files.isDirectory(root)) {
            throw new IllegalArgumentException("there is no directory '" + root + "'");
        }
        return root;
    }

    private static List<Filter> filters(Section section) {
        return section.lines(pattern -> pattern, target -> target).stream()
                .flatMap(line -> section.read(line.entry(), entry -> Filter.parse(line.key(), line.value())).stream())
                .toList();
    }
}
