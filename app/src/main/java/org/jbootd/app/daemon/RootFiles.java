package org.jbootd.app.daemon;

import java.util.Optional;
import java.util.function.Function;
import org.jbootd.app.settings.FileRoot;
import org.jbootd.app.settings.TftpSettings;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.files.FileSource;
import org.jbootd.domain.files.FilenameTranslator;
import org.jbootd.files.DirectoryFileSource;
import org.jbootd.files.remote.Keeping;
import org.jbootd.files.remote.RemoteFileSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that {@code [tftp]} and {@code [filters]} lead to. Threads may share it. */
public final class RootFiles implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.files");

    private final FileDesk desk;
    private final Optional<Remote> remote;

    /** For the daemon. @param former whose copies of remote files are used on, if they are of the same server and kept in the same way */
    static RootFiles serving(TftpSettings settings, Optional<RootFiles> former) {
        return new RootFiles(settings, former, server -> {
            if (server.keeping() == Keeping.NOTHING) {
                LOG.info("copies of remote files go when the daemon ends; [tftp] cache_dir names a directory for them");
            }
            return new RemoteFileSource(server, local(server));
        });
    }

    /** For who only looks: what the daemon keeps is used, and left as it is. */
    public static RootFiles looking(TftpSettings settings) {
        return new RootFiles(
                settings, Optional.empty(), server -> new RemoteFileSource(server.forLooks(), local(server)));
    }

    /** For who loads files before they are needed. */
    public static RootFiles fetching(TftpSettings settings) {
        return new RootFiles(settings, Optional.empty(), server -> RemoteFileSource.fetching(server, local(server)));
    }

    /** Nothing of this machine is below the root: only files that filters name by their absolute path. */
    private static FileSource local(RemoteFileSource.Settings server) {
        return new DirectoryFileSource(server.cacheDirectory());
    }

    private RootFiles(
            TftpSettings settings,
            Optional<RootFiles> former,
            Function<RemoteFileSource.Settings, RemoteFileSource> open) {
        FileSource source;
        if (settings.root() instanceof FileRoot.Directory directory) {
            remote = Optional.empty();
            source = new DirectoryFileSource(directory.path());
        } else if (settings.root() instanceof FileRoot.Remote server) {
            Remote shared = former.flatMap(files -> files.remote)
                    .filter(found -> found.source.settings().equals(server.settings()) && found.join())
                    .orElseGet(() -> new Remote(open.apply(server.settings())));
            remote = Optional.of(shared);
            source = shared.source.verifying(settings.checksums());
        } else {
            throw new AssertionError(settings.root());
        }
        desk = new FileDesk(new FilenameTranslator(settings.filters()), source);
    }

    public FileDesk desk() {
        return desk;
    }

    /** Why files cannot be had at all just now. Waits for the server, if they are on one. */
    public Optional<String> trouble() {
        return remote.flatMap(shared -> shared.source.trouble());
    }

    @Override
    public void close() {
        remote.ifPresent(Remote::leave);
    }

    /** A source that configurations may have in common, one after the other; the last of them closes it. */
    private static final class Remote {

        private final RemoteFileSource source;
        private int users = 1;

        Remote(RemoteFileSource source) {
            this.source = source;
        }

        /** False when it was closed already. */
        synchronized boolean join() {
            if (users == 0) {
                return false;
            }
            users++;
            return true;
        }

        synchronized void leave() {
            users--;
            if (users == 0) {
                source.close();
            }
        }
    }
}
