package org.jbootd.app.settings;

import java.nio.file.Path;
import org.jbootd.files.remote.RemoteFileSource;

/** Where files are served from. */
public sealed interface FileRoot {

    /** @param path absolute */
    record Directory(Path path) implements FileRoot {

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A web server. */
    record Remote(RemoteFileSource.Settings settings) implements FileRoot {

        @Override
        public String toString() {
            return settings.root().toString();
        }
    }
}
