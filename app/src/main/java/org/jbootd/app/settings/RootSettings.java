package org.jbootd.app.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jbootd.files.remote.Keeping;
import org.jbootd.files.remote.RemoteFileSource;
import org.jbootd.files.remote.RemoteRoot;
import org.jbootd.http.Credentials;
import org.jbootd.http.Trust;

/** {@code [tftp] root}, and the keys that belong to a root on a web server. */
final class RootSettings {

    private static final List<String> REMOTE_KEYS = List.of("ca", "pin", "cache_dir", "cache_size");

    /** Made by whoever installs the daemon, as systemd does; used if it is there for us. */
    private static final Path STANDARD = Path.of("/var/cache/jbootd");

    /** On a disk by custom, and emptied less often than {@code /tmp}. */
    private static final Path FOR_NAMELESS_COPIES = Path.of("/var/tmp");

    private static final int CACHE_MEBIBYTES = 1_024;
    private static final int MOST_CACHE_MEBIBYTES = 1 << 24;

    private RootSettings() {}

    /** @return empty when a mistake leaves nothing to serve */
    static Optional<FileRoot> from(Section tftp, Path base) {
        Optional<FileRoot> root = tftp.required(
                "root",
                text -> RemoteRoot.looksLikeOne(text) ? remote(tftp, RemoteRoot.of(text), base) : local(text, base),
                "name the directory that files are served from");
        if (root.isPresent() && root.get() instanceof FileRoot.Directory directory) {
            warnOfUnreadable(tftp, directory.path());
            REMOTE_KEYS.stream()
                    .filter(tftp::has)
                    .forEach(key -> tftp.warning(key, "not used: root is a directory of this machine"));
        }
        return root;
    }

    private static FileRoot local(String text, Path base) {
        Path root = base.resolve(text).toAbsolutePath().normalize();
        if (!Files.isDirectory(root)) {
            // a URL without its colon may hold a password
            String shown = text.matches(".*:.*@.*") ? Credentials.hidden(text) : root.toString();
            throw new IllegalArgumentException("there is no directory '" + shown + "'");
        }
        return new FileRoot.Directory(root);
    }

    private static void warnOfUnreadable(Section tftp, Path root) {
        if (!Files.isReadable(root) || !Files.isExecutable(root)) {
            tftp.warning("root", "'" + root + "' cannot be read by this user");
        }
    }

    private static FileRoot remote(Section tftp, RemoteRoot root, Path base) {
        Optional<Trust> trust = TrustSettings.from(tftp, base, root.isSecure(), "root");
        Optional<Path> named = tftp.optional("cache_dir", text -> cacheDirectory(base.resolve(text)));
        Optional<String> trouble = RemoteFileSource.Settings.trouble(named.orElse(STANDARD));
        if (named.isPresent()) {
            trouble.ifPresent(found -> tftp.warning(
                    "cache_dir", found + "; copies of remote files are not kept beyond the end of this process"));
        }
        Path directory = trouble.isEmpty()
                ? named.orElse(STANDARD)
                : named.filter(Files::isWritable).orElse(FOR_NAMELESS_COPIES);
        long mebibytes = tftp.optional("cache_size", Values.number(1, MOST_CACHE_MEBIBYTES), CACHE_MEBIBYTES);
        return new FileRoot.Remote(new RemoteFileSource.Settings(
                root,
                trust.orElse(Trust.USUAL),
                directory,
                trouble.isEmpty() ? Keeping.ALL : Keeping.NOTHING,
                mebibytes << 20));
    }

    private static Path cacheDirectory(Path path) {
        Path directory = path.toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("there is no directory '" + directory + "'; make it");
        }
        return directory;
    }
}
