package org.jbootd.app.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.domain.files.Filter;
import org.jbootd.domain.files.NamePattern;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.files.remote.Checksums;
import org.jbootd.files.remote.Sha256;

/**
 * {@code [tftp]}, {@code [filters]} and {@code [sha256]}.
 *
 * @param address empty for the address that DHCP serves at, or all of them without it
 * @param blockSize the largest that a client may ask for, in octets
 * @param timeout until the last blocks are sent again
 * @param filters in the order they are tried
 * @param checksums of files of a web server
 */
public record TftpSettings(
        Optional<Ipv4> address,
        int port,
        int blockSize,
        Duration timeout,
        FileRoot root,
        List<Filter> filters,
        Checksums checksums) {

    /** RFC 2348. */
    private static final int LARGEST_BLOCK = 65464;

    /** A relative path without a variable, in brackets or not. */
    private static final Pattern PLAIN_TARGET =
            Pattern.compile("(?<open>\\[?)(?<path>[^/\\[{}\\]][^{}\\]]*)(?<close>]?)");

    /** @return empty when a mistake leaves nothing to serve */
    static Optional<TftpSettings> from(Sections sections, Path base, HostNetworks host) {
        Section tftp = sections.get("tftp");
        Optional<Ipv4> address = tftp.optional("address", text -> ownAddress(text, host));
        int port = tftp.optional("port", Values::port, 69);
        int blockSize = tftp.optional("blocksize", Values.number(8, LARGEST_BLOCK), LARGEST_BLOCK);
        Duration timeout = tftp.optional("timeout", Values::seconds, Duration.ofSeconds(2));
        Optional<FileRoot> root = RootSettings.from(tftp, base);
        List<Filter> filters = filters(sections.get("filters"), root, base);
        Checksums checksums = checksums(sections.get("sha256"), root);
        return root.map(found -> new TftpSettings(address, port, blockSize, timeout, found, filters, checksums));
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

    private static List<Filter> filters(Section section, Optional<FileRoot> root, Path base) {
        boolean remote = root.isPresent() && root.get() instanceof FileRoot.Remote;
        return section.lines(pattern -> pattern, target -> target).stream()
                .flatMap(line -> section
                        .read(
                                line.entry(),
                                entry -> Filter.parse(line.key(), remote ? here(line.value(), base) : line.value()))
                        .stream())
                .toList();
    }

    private static Checksums checksums(Section section, Optional<FileRoot> root) {
        List<Section.Line<String, Sha256>> lines = section.lines(pattern -> pattern, Sha256::parse);
        if (root.isPresent() && root.get() instanceof FileRoot.Directory && !lines.isEmpty()) {
            section.mistake(
                    lines.get(0).entry(),
                    "files of a directory of this machine are not checked, as they may change at any time; remove the"
                            + " section, or write a URL as [tftp] root");
        }
        return new Checksums(lines.stream()
                .flatMap(line ->
                        section
                                .read(
                                        line.entry(),
                                        entry -> new Checksums.Entry(NamePattern.parse(line.key()), line.value()))
                                .stream())
                .toList());
    }

    /**
     * With a root on a web server, a filter still leads to a file of this machine where there is one: pybootd's own
     * example gives machines of a Debian mirror a local menu.
     */
    private static String here(String target, Path base) {
        Matcher parts = PLAIN_TARGET.matcher(target);
        if (!parts.matches()) {
            return target;
        }
        Path file = base.resolve(parts.group("path")).toAbsolutePath().normalize();
        return file.startsWith(base) && Files.isRegularFile(file)
                ? parts.group("open") + file + parts.group("close")
                : target;
    }
}
