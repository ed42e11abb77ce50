package org.jbootd.app.daemon;

import java.util.Optional;
import org.jbootd.app.settings.FileRoot;
import org.jbootd.app.settings.TftpSettings;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.files.FileSource;
import org.jbootd.domain.files.FilenameTranslator;
import org.jbootd.files.DirectoryFileSource;
import org.jbootd.files.remote.RemoteFileSource;

/** The files that {@code [tftp]} and {@code [filters]} lead to. Threads may share it. */
public final class RootFiles implements AutoCloseable {

    private final FileDesk desk;
    private final Optional<Remote> remote;

    public RootFiles(TftpSettings settings) {
        this(settings, Optional.empty());
    }

    /** @param former whose copies of remote files are used on, if they are of the same server and kept in the same way */
    RootFiles(TftpSettings settings, Optional<RootFiles> former) {
        FileSource source;
        if (settings.root() instanceof FileRoot.Directory directory) {
            remote = Optional.empty();
            source = new DirectoryFileSource(directory.path());
        } else if (settings.root() instanceof FileRoot.Remote server) {
            Remote shared = former.flatMap(files -> files.remote)
                    .filter(found -> found.source.settings().equals(server.settings()) && found.join())
                    .orElseGet(() -> new Remote(open(server)));
            remote = Optional.of(shared);
            source = shared.source;
        } else {
            throw new AssertionError(settings.root());
        }
        desk = new FileDesk(new FilenameTranslator(settings.filters()), source);
    }

    /** Nothing of this machine is below the root: only files that filters name by their absolute path. */
    private static RemoteFileSource open(FileRoot.Remote server) {
        return new RemoteFileSource(
                server.settings(), new DirectoryFileSource(server.settings().cacheDirectory()));
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
